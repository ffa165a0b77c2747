/** Measures models on a folder of pictures and words. */
import { basename } from 'node:path'
import type { Evaluation } from '../../shared/domain/evaluation.js'
import type { TrainingSpec } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import { nameCopiesAlike } from '../library/captions/nameCopiesAlike.js'
import { readTrainingPairs } from '../library/captions/readTrainingPairs.js'
import { wordsOfName } from '../library/captions/wordsOfName.js'
import { readLearned } from '../ml/clip/modelDirectory/learnedPictures.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'
import { evaluateModel } from '../ml/training/evaluateModel.js'
import { mergePairs } from '../ml/training/sampling/mergePairs.js'
import { learnedComponents } from './linking/learnedComponents.js'
import { indexLearned } from './linking/learnedIndex.js'
import { linkPictures } from './linking/linkPictures.js'
import { type EmbedPictures, gatherEvidence } from './linking/pictureEvidence.js'
import { leastMeasured } from './splitPairs.js'

export interface EvaluateFolderOptions {
  readonly model: ModelDirectory
  /** What it is compared with. */
  readonly against: ModelDirectory | null
  /** What a picture's label is: as the caption file says, or its folder where that says nothing. */
  readonly labels: TrainingSpec['labels']
  /** Measures pictures too that a model has learned from, or that are linked to such. */
  readonly includeLearned?: boolean
  /** The frozen encoder by which pictures are linked; without it they are by all other rules. */
  readonly embed?: EmbedPictures | null
  readonly signal: AbortSignal
  readonly onProgress: (
    phase: 'comparing pictures' | 'measuring',
    done: number,
    total: number,
  ) => void
}

/**
 * @throws INVALID_ARGUMENT where the models have learned from too many of the pictures; NO_PICTURES,
 *   NO_CAPTIONS, CAPTION_FILE_INVALID, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function evaluateFolder(
  folder: string,
  options: EvaluateFolderOptions,
): Promise<Evaluation> {
  const { model, against, labels, includeLearned = false, embed = null, signal } = options
  const { pairs } = await readTrainingPairs(folder, { signal, labels })
  const items = mergePairs(await nameCopiesAlike(pairs, signal))
  const evidence = await gatherEvidence(items, {
    signal,
    embed,
    onProgress: (done, total) => options.onProgress('comparing pictures', done, total),
  })
  const { components } = await linkPictures({ pairs: items, evidence }, signal)
  const lists = await Promise.all([model, ...(against ? [against] : [])].map(readLearned))
  const learned = learnedComponents(components, evidence, indexLearned(lists))
  const measured = items.filter((_, i) => includeLearned || !learned.has(components[i]!))
  const pictures = components.filter((component) => learned.has(component)).length
  if (!includeLearned && pictures > 0 && measured.length < leastMeasured) {
    throw tooFewLeft(folder, options, { pictures, left: measured.length })
  }
  const groupOf = new Map(items.map(({ image }, i) => [image, components[i]!]))
  const evaluation = await evaluateModel(model, measured, {
    against,
    wordsOf: wordsOfLabel,
    groupOf: (image) => groupOf.get(image),
    signal,
    onProgress: (done, total) => options.onProgress('measuring', done, total),
  })
  return {
    ...evaluation,
    learned: { pictures, groups: learned.size, measured: includeLearned },
  }
}

function tooFewLeft(
  folder: string,
  { model, against }: EvaluateFolderOptions,
  { pictures, left }: { readonly pictures: number; readonly left: number },
): AppError {
  const names = [model, ...(against ? [against] : [])].map(({ name }) => name).join(' or ')
  const others = left === 0 ? 'none are left' : `only ${left} others are left`
  return new AppError('INVALID_ARGUMENT', {
    argument: folder,
    problem: `${names} learned from ${pictures} of its pictures, or from some linked to them, and ${others}: at least ${leastMeasured} are needed. Measure on pictures that were not learned from, or all of these with --include-learned.`,
  })
}

/** Of a label that is a folder, what its last part says. */
function wordsOfLabel(label: string): string {
  const name = basename(label)
  return wordsOfName(name) || name
}
