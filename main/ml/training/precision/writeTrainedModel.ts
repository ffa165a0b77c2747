/** Writes what a run has made, with 8-bit encoders for search where they do as well. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { describeLearned, writeLearned } from '../../clip/modelDirectory/learnedPictures.js'
import { learnedPicturesName } from '../../clip/modelDirectory/semblanceFile.js'
import type { ModelParts } from '../../clip/modelDirectory/writeModelDirectory.js'
import { writeModelDirectory } from '../../clip/modelDirectory/writeModelDirectory.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import type { MethodContext, TrainingEnd } from '../methods/method.js'
import { readLearnedOfRun, workFolderOf } from '../workFolder.js'
import { fewestQueries } from './decidePrecision.js'
import { judgeInt8, type QuantizedTowers, quantizeTowers } from './judgeInt8.js'
import type { PrecisionSamples } from './measurePrecision.js'

/*
 * [Note: precision at save time]
 * A model's files decide its id, and embeddings are kept per id. So 8 bits are settled before a model
 * is written for good: later they would make another model of it, for which every photo has to be
 * looked at again. What is measured is agreement with full precision, so any pictures of the run
 * serve. A run that took seconds must not wait minutes for this: see `budgetOf`.
 */

/** What decides how a trained model is written. */
export interface WriteTrainedOptions extends TrainingEnd {
  readonly context: Pick<MethodContext, 'run' | 'pairs' | 'signal' | 'onEvent'>
  /** What is rounded: both encoders unless given; null where 8 bits should not be tried. */
  readonly quantized?: QuantizedTowers | null
  /** Whether it is its parent as that was: then it has learned from nothing else. */
  readonly unchanged?: boolean
}

const picturesMeasured = 200
const textsMeasured = 300

export async function writeTrainedModel(
  folder: string,
  parts: ModelParts,
  options: WriteTrainedOptions,
): Promise<ModelDirectory> {
  const whole = options.unchanged ? parts : await withLearned(parts, options.context.run.out)
  return writeModelDirectory(folder, await withJudgedPrecision(folder, whole, options))
}

/** With the list of what was learned from in place of the parent's, which it holds as well. */
async function withLearned(parts: ModelParts, out: string): Promise<ModelParts> {
  const { [learnedPicturesName]: _, ...companions } = parts.companions
  const learned = await readLearnedOfRun(workFolderOf(out))
  if (learned === null)
    return { ...parts, companions, card: { ...parts.card, learnedPictures: null } }
  return {
    ...parts,
    companions: { ...companions, [learnedPicturesName]: writeLearned(learned) },
    card: { ...parts.card, learnedPictures: describeLearned(learned) },
  }
}

async function withJudgedPrecision(
  folder: string,
  parts: ModelParts,
  { context, trainedMs, device, quantized: given }: WriteTrainedOptions,
): Promise<ModelParts> {
  const { run, pairs, signal, onEvent } = context
  const samples = pickSamples([...pairs.heldOut, ...pairs.validation, ...pairs.train])
  // A graphics device has no kernels for 8 bits, and is faster without them.
  if (given === null || device !== 'cpu') return parts
  if (samples.pictures.length + samples.texts.length < fewestQueries) return parts
  const quantized = given ?? quantizeTowers(parts)
  if (quantized === null) return parts
  onEvent({ type: 'preparing', phase: 'choosing precision', done: 0, total: 1 })
  const judged = await judgeInt8(
    folder,
    { ...parts, quantized },
    {
      samples,
      choice: 'auto',
      threads: run.spec.threads,
      signal,
      budgetMs: budgetOf(trainedMs),
    },
  )
  onEvent({ type: 'preparing', phase: 'choosing precision', done: 1, total: 1 })
  return judged
}

/** A tenth of the training, but time enough for small encoders, and not beyond what is of use. */
function budgetOf(trainedMs: number): number {
  return Math.min(60_000, Math.max(4_000, trainedMs / 10))
}

function pickSamples(pairs: readonly TrainingPair[]): PrecisionSamples {
  const pictures = [...new Set(pairs.map(({ image }) => image))]
  const texts = [...new Set(pairs.flatMap(({ captions }) => captions.slice(0, 1)))]
  return { pictures: pictures.slice(0, picturesMeasured), texts: texts.slice(0, textsMeasured) }
}
