/** Chooses how much of the trained adapters to take, and merges them into a copy of the model. */
import type { RetrievalReport } from '../../../../shared/domain/training.js'
import { type Adapter, mergeAdapter } from '../../clip/builder/mergeAdapter.js'
import { adapterWeights } from '../../clip/builder/residualAdapters.js'
import {
  type ModelParts,
  readCompanions,
  writeModelDirectory,
} from '../../clip/modelDirectory/writeModelDirectory.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import type { FeatureChunk } from '../features/featureCache.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { FinishedTraining, MethodContext, TrainingReport } from './method.js'
import { trainedLogitScale } from './trainedWeights.js'
import type { TunableGraph, TunableGraphs } from './tunableGraphs.js'

type Side = 'image' | 'text'

export interface QuickParts {
  readonly context: MethodContext
  readonly model: ModelDirectory
  readonly graphs: TunableGraphs
  /** What embeddings were divided by for training. */
  readonly scales: Readonly<Record<Side, number>>
  /** The unchanged model on the pairs to choose by, and on those to measure on. */
  readonly validation: PairEmbedder
  readonly heldOut: PairEmbedder
}

/** Shares of the adapters' change to try; 0 is the model as it was. */
const blends = [0, 0.25, 0.5, 0.75, 1] as const

export async function finishQuick(
  step: ContrastiveStep,
  parts: QuickParts,
): Promise<FinishedTraining> {
  const adapters = {
    image: readAdapter(step, parts, 'image'),
    text: readAdapter(step, parts, 'text'),
  }
  const blend = await chooseBlend(adapters, parts)
  const { context, heldOut } = parts
  if (blend === 0) {
    const message =
      'On pictures kept out of training no change was better than the model as it was: it is kept.'
    context.onEvent({ type: 'notice', message })
  }
  const adapted = adaptedEmbedder(heldOut, adapters)(blend)
  const { report } = await evaluatePairs(context.pairs.heldOut, adapted, context.signal)
  return {
    heldOut: report,
    facts: { blend },
    async write(folder, trainingReport) {
      const model = await describeModel(step, blend, adapters, parts, trainingReport)
      return (await writeModelDirectory(folder, model)).id
    },
  }
}

/** The adapter of one side for embeddings as the model gives them. */
function readAdapter(step: ContrastiveStep, { scales }: QuickParts, side: Side): Adapter {
  const weights = (name: string) => step.emaParameters.get(`${side}/${name}`)!
  return {
    residual: weights(adapterWeights.residual).slice(),
    bias: weights(adapterWeights.bias).map((value) => value * scales[side]),
  }
}

/** Tries the blends on the validation pairs; without any, everything learned is taken. */
async function chooseBlend(
  adapters: Readonly<Record<Side, Adapter>>,
  { context, validation }: QuickParts,
): Promise<number> {
  const adapted = adaptedEmbedder(validation, adapters)
  let best = { blend: 1, score: Number.NEGATIVE_INFINITY }
  for (const blend of blends) {
    const { report } = await evaluatePairs(context.pairs.validation, adapted(blend), context.signal)
    // Of equals the smaller change wins: it is tried first.
    if (report !== null && score(report) > best.score) best = { blend, score: score(report) }
  }
  return best.blend
}

/** What a model embeds once a share of its adapters' change is added. */
function adaptedEmbedder(
  model: PairEmbedder,
  adapters: Readonly<Record<Side, Adapter>>,
): (blend: number) => PairEmbedder {
  const images = rememberChange(model.images, adapters.image)
  const texts = rememberChange(model.texts, adapters.text)
  return (blend) => ({
    images: async (paths) => addChange(await images(paths), blend),
    texts: async (words) => addChange(await texts(words), blend),
  })
}

/** Mean reciprocal rank of both directions: steadier than recall where pairs are few. */
function score({ textToImage, imageToText }: RetrievalReport): number {
  return textToImage.mrr + imageToText.mrr
}

/** Embeddings and what the whole adapter would add to them. */
interface Change {
  readonly rows: FeatureChunk
  readonly added: Float32Array
}

/** Embeds once, as every blend is tried on the same inputs. */
function rememberChange(
  embed: (inputs: readonly string[]) => Promise<FeatureChunk>,
  adapter: Adapter,
): (inputs: readonly string[]) => Promise<Change> {
  let known: Promise<Change> | undefined
  return (inputs) => {
    known ??= embed(inputs).then((rows) => ({ rows, added: changeOf(rows, adapter) }))
    return known
  }
}

/** y R + b for each row y. */
function changeOf({ dim, data }: FeatureChunk, { residual, bias }: Adapter): Float32Array {
  const added = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += dim) {
    const row = added.subarray(start, start + dim)
    row.set(bias)
    for (let k = 0; k < dim; k++) {
      const value = data[start + k]!
      const weights = residual.subarray(k * dim, (k + 1) * dim)
      for (let j = 0; j < dim; j++) row[j]! += value * weights[j]!
    }
  }
  return added
}

function addChange({ rows, added }: Change, blend: number): FeatureChunk {
  return { ...rows, data: rows.data.map((value, i) => value + blend * added[i]!) }
}

async function describeModel(
  step: ContrastiveStep,
  blend: number,
  adapters: Readonly<Record<Side, Adapter>>,
  { context, model, graphs }: QuickParts,
  trainingReport: TrainingReport,
): Promise<ModelParts> {
  const { embeddingDim, imagePooledDim, textPooledDim, contextLength, manifest } = model
  return {
    vision: mergeBlended(graphs.image, adapters.image, blend),
    text: mergeBlended(graphs.text, adapters.text, blend),
    companions: await readCompanions(model),
    card: {
      name: context.run.name,
      parent: model.id,
      createdAt: new Date().toISOString(),
      embeddingDim,
      imagePooledDim,
      textPooledDim,
      imageSize: model.preprocess.width,
      contextLength,
      logitScale: blend === 0 ? model.logitScale : trainedLogitScale(step),
      licence: manifest?.licence ?? null,
      architecture: manifest?.architecture ?? null,
      method: 'quick',
      trainingReport,
    },
  }
}

function mergeBlended({ graph, output }: TunableGraph, adapter: Adapter, blend: number) {
  if (blend === 0) return graph
  return mergeAdapter(graph, output, {
    residual: adapter.residual.map((value) => value * blend),
    bias: adapter.bias.map((value) => value * blend),
  })
}
