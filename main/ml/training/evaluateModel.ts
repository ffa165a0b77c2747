/** Measures a saved model on pairs, alone or against another one, as `semblance eval` does. */
import { dirname } from 'node:path'
import {
  type EvaluatedModel,
  type Evaluation,
  evaluationSchema,
} from '../../../shared/domain/evaluation.js'
import type { TrainingPair } from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import type { ModelDirectory } from '../clip/modelDirectory.js'
import { compareModels } from './evaluation/compareModels.js'
import { type EmbedOptions, embedItems, withEmbedders } from './evaluation/embedSet.js'
import { findHardest } from './evaluation/hardest.js'
import { findLabelled } from './evaluation/labelled.js'
import { createMeasuredSet, type MeasuredSet } from './evaluation/measuredSet.js'
import type { LabelTask } from './evaluation/measureLabels.js'
import { type MeasuredModel, measureModel } from './evaluation/measureModel.js'
import { splitForProbe } from './evaluation/probeSplit.js'
import { mergePairs } from './sampling/mergePairs.js'

export interface EvaluateOptions extends EmbedOptions {
  readonly against?: ModelDirectory | null
  /** Number of a picture's group of linked ones; without it each picture is its own. */
  readonly groupOf?: (image: string) => number | undefined
  /** A label as it is said in a sentence; as it stands by default. */
  readonly wordsOf?: LabelTask['wordsOf']
}

/**
 * Retrieval in both directions, labels where there are some, and geometry; with `against` the same of
 * another model on the same queries, and whether the two can be told apart.
 *
 * @throws NO_PICTURES where none of the pictures can be read
 */
export async function evaluateModel(
  model: ModelDirectory,
  pairs: readonly TrainingPair[],
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { against = null, groupOf = () => undefined, wordsOf = (label) => label } = options
  const items = mergePairs(pairs).filter(({ captions }) => captions.length > 0)
  if (items.length === 0) {
    throw new AppError('NO_PICTURES', { path: dirname(pairs[0]?.image ?? model.path) })
  }
  const models = against === null ? [model] : [model, against]
  return withEmbedders(models, options, async (embedders) => {
    const embedded = await embedItems(items, embedders)
    const set = createMeasuredSet(embedded.items, groupOf)
    const task = { set, labelTask: labelTaskOf(set, wordsOf) }
    const measured: MeasuredModel[] = []
    for (const [i, embedder] of embedders.entries()) {
      const images = embedded.images[i]!
      const about = describeModel(models[i]!)
      measured.push(await measureModel(about, task, images, embedder, options.signal))
    }
    const [own, other] = measured
    return {
      ...own!.measurement,
      learned: null,
      groups: new Set(set.clusters.images).size,
      against: other ? { ...other.measurement, rows: compareModels(own!, other) } : null,
      training: readTraining(model),
      hardest: findHardest(set, own!.retrieval.rankings),
      skipped: [...embedded.skipped],
    }
  })
}

function describeModel({ id, name, path, manifest }: ModelDirectory): EvaluatedModel {
  const trained = (manifest?.trainingReport ?? null) !== null
  const learnedKnown = !trained || (manifest?.learnedPictures?.complete ?? false)
  return { id, name, path, trained, learnedKnown }
}

function labelTaskOf(set: MeasuredSet, wordsOf: LabelTask['wordsOf']): LabelTask | null {
  const labelled = findLabelled(set)
  return labelled && { labelled, wordsOf, split: splitForProbe(labelled) }
}

/** Null for what was not trained here, or before curves were kept. */
function readTraining({ manifest }: ModelDirectory): Evaluation['training'] {
  return evaluationSchema.shape.training.catch(null).parse(manifest?.trainingReport ?? null)
}
