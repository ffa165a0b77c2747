/** Both encoders from nothing, on augmented pictures. */
import { z } from 'zod'
import type { Head, TrainingPair, TrainingSpec } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import type { Architecture } from '../../clip/architecture.js'
import { loadArchitecture } from '../../clip/architectures.js'
import { buildTowers } from '../../clip/builder/buildTowers.js'
import {
  describePreprocessing,
  type PreprocessConfig,
  parsePreprocessConfig,
} from '../../clip/preprocessConfig.js'
import { createTokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../clip/tokenizer/tokenizerFiles.js'
import { trainTokenizer } from '../../clip/tokenizer/trainTokenizer.js'
import { mergePairs } from '../sampling/mergePairs.js'
import { buildCaptionTable } from '../sources/captionTable.js'
import { augmentationsOf, createBatches } from '../sources/table.js'
import { createTokenTexts } from '../sources/tokenTexts.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { Watch } from '../watch.js'
import { finishScratch, type ScratchParts, stepEmbedder } from './finishScratch.js'
import { fitMicroBatch } from './fitMicroBatch.js'
import type { MethodContext, TrainingMethod } from './method.js'
import { openPicturePixels } from './picturePixels.js'
import { createScratchWatch } from './scratchWatch.js'
import { createViewWatch } from './viewWatch.js'

const withoutWords =
  'Only pictures are learned from: the model finds pictures by pictures, and knows no words.'

export const scratch: TrainingMethod = async (context) => {
  const { spec } = context.run
  if (spec.learnFrom.kind === 'pictures') {
    context.onEvent({ type: 'notice', message: withoutWords })
  }
  const items = mergePairs(context.pairs.train)
  const wanted = await readArchitecture(spec)
  const files = chooseTokenizer(context, items, wanted)
  const tokenizer = createTokenizer(files)
  const architecture = { ...wanted, text: { ...wanted.text, vocabSize: tokenizer.vocabSize } }
  const preprocessing = describePreprocessing({
    imageSize: wanted.image.imageSize,
    resize: 'crop',
    background: [255, 255, 255],
  })
  const config = parsePreprocessConfig(preprocessing, 'preprocessor_config.json')
  const augmentations = augmentationsOf(spec)
  const pictures = await openPicturePixels({ context, items, config, augmentations })
  const captions = buildCaptionTable(pictures.items)
  const towers = buildTowers(architecture, { seed: spec.seed })
  const parts = { context, towers, architecture, tokenizer, tokenizerFiles: files, preprocessing }
  return {
    towers,
    source: createBatches(spec, {
      captions,
      images: pictures.inputs,
      texts: createTokenTexts(captions.texts, tokenizer, architecture.text.contextLength),
      batchSize: spec.batchSize,
      sampling: spec.sampling,
      seed: spec.seed,
      ahead: 1,
    }),
    microBatchSize: fitMicroBatch(wanted, spec.microBatchSize),
    pairs: pictures.items.length,
    heldOut: mergePairs(context.pairs.heldOut).length,
    skipped: pictures.skipped,
    state: files,
    before: null,
    watch: createWatch(parts, config),
    finish: (step) => finishScratch(step, parts),
    dispose: () => pictures.dispose(),
  }
}

function createWatch(parts: ScratchParts, config: PreprocessConfig): Watch | null {
  const { pairs, run, signal } = parts.context
  if (run.spec.learnFrom.kind === 'pictures') return createViewWatch(pairs.heldOut, config, signal)
  const worded = pairs.heldOut.filter(({ captions }) => captions.length > 0)
  const texts = (step: ContrastiveStep) => stepEmbedder(step, parts).texts
  return createScratchWatch(worded, { config, signal, texts })
}

/** An architecture that reads pictures, not features. */
async function readArchitecture({ arch, head }: Pick<TrainingSpec, 'arch' | 'head'>) {
  const architecture = withHead(await loadArchitecture(arch ?? 'small'), head)
  const { image } = architecture
  if (image.kind === 'vit') return { ...architecture, image }
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'arch',
    problem: 'this architecture reads features of another model, not pictures',
  })
}

/** As wide inside as the embedding, and again; the architecture's own head where it has that kind. */
function withHead(architecture: Architecture, head: Head | null): Architecture {
  if (head === null || architecture.projection.kind === head) return architecture
  const hidden = 2 * architecture.embeddingDim
  return { ...architecture, projection: head === 'mlp' ? { kind: head, hidden } : { kind: head } }
}

const tokenizerFilesSchema = z.object({
  tokenizer: z.record(z.string(), z.unknown()),
  tokenizerConfig: z.record(z.string(), z.unknown()),
  specialTokensMap: z.record(z.string(), z.unknown()),
})

/** The tokenizer of the interrupted run, or one learned from the captions. */
function chooseTokenizer(
  { state, onEvent }: MethodContext,
  items: readonly TrainingPair[],
  { text }: Architecture,
): TokenizerFiles {
  if (state !== null) return tokenizerFilesSchema.parse(state)
  const report = (done: number) =>
    onEvent({ type: 'preparing', phase: 'learning words', done, total: 1 })
  report(0)
  const captions = items.flatMap((item) => item.captions)
  const files = trainTokenizer(captions, text)
  report(1)
  return files
}
