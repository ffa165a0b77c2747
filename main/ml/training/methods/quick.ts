/** Adapters on the cached embeddings of an existing model, merged into a copy of it. */
import { dirname, join } from 'node:path'
import type { TrainingEvent, TrainingPair } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import { buildAdapterTowers } from '../../clip/builder/adapters/adapterTowers.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import { collectFeatures, type FeatureChunk, pickFeatureRows } from '../features/featureCache.js'
import { type OpenPairEmbedder, openPairEmbedder } from '../features/pairEmbedder.js'
import { mergePairs } from '../sampling/mergePairs.js'
import { buildCaptionTable } from '../sources/captionTable.js'
import { type FeatureTable, pickRows } from '../sources/featureRows.js'
import { createPairBatches } from '../sources/pairBatches.js'
import { adaptedEmbedder, readAdapters, rememberRows } from './adaptedEmbedder.js'
import { finishQuick } from './finishQuick.js'
import type { MethodContext, PreparedTraining, TrainingMethod } from './method.js'
import { openParent } from './parentModel.js'
import { cosinesOf } from './sampleCosines.js'
import { startingScalars } from './startingScalars.js'
import { readTunableGraphs, type TunableGraphs } from './tunableGraphs.js'
import { createValidationWatch } from './validationWatch.js'

export const quick: TrainingMethod = async (context) => {
  const { run, signal } = context
  const model = await openParent(run.spec)
  const graphs = await readTunableGraphs(model)
  const { device, threads } = run.spec
  const encoders = await openPairEmbedder(model, { device, threads, unnormalized: true, signal })
  try {
    return await prepare(context, model, graphs, encoders)
  } catch (error) {
    await encoders.dispose()
    throw error
  }
}

async function prepare(
  context: MethodContext,
  model: ModelDirectory,
  graphs: TunableGraphs,
  encoders: OpenPairEmbedder,
): Promise<PreparedTraining> {
  const { pairs, run, signal } = context
  const data = await collectTrainingFeatures(context, encoders)
  const heldOut = cachedEmbedder(encoders, context, 'held-out')
  const validation = rememberRows(cachedEmbedder(encoders, context, 'validation'))
  const { report: before } = await evaluatePairs(pairs.heldOut, heldOut, signal)
  const head = run.spec.head ?? 'linear'
  const towers = buildAdapterTowers({
    head,
    seed: run.spec.seed,
    imageDim: data.image.dim,
    textDim: data.text.dim,
    ...(await startingScalars(model, run.spec.loss, () => cosinesOf(data))),
  })
  const scales = { image: data.image.scale, text: data.text.scale }
  const watch = await createValidationWatch(context, ({ emaParameters }) =>
    adaptedEmbedder(validation, readAdapters(emaParameters, head, scales))(1),
  )
  return {
    towers,
    source: createPairBatches({
      captions: data.captions,
      images: async (items) => pickRows(data.image.table, items),
      texts: (captions) => pickRows(data.text.table, captions),
      batchSize: run.spec.batchSize,
      sampling: run.spec.sampling,
      seed: run.spec.seed,
      ahead: 1,
    }),
    // Rows of features are small: nothing is saved by cutting a batch.
    microBatchSize: run.spec.batchSize,
    pairs: data.captions.ofItem.length,
    heldOut: mergePairs(pairs.heldOut).length,
    skipped: data.skipped,
    state: null,
    before,
    watch,
    finish: async (step) =>
      finishQuick((await watch?.best()) ?? step.emaParameters, {
        context,
        model,
        graphs,
        towers,
        head,
        scales,
        validation,
        heldOut,
      }),
    dispose: () => encoders.dispose(),
  }
}

/** Embeddings of all training pictures that can be read and of all their captions. */
async function collectTrainingFeatures(context: MethodContext, encoders: OpenPairEmbedder) {
  const items = mergePairs(context.pairs.train)
  const embedder = cachedEmbedder(encoders, context, 'train')
  const images = await embedder.images(items.map((item) => item.image))
  const kept = keepReadable(items, images)
  const captions = buildCaptionTable(kept.map((row) => items[row]!))
  const texts = await embedder.texts(captions.texts)
  return {
    captions,
    image: toTable(pickFeatureRows(images, kept), images.dim),
    text: toTable(texts.data, texts.dim),
    skipped: images.skipped.map(({ row, reason }) => ({ path: items[row]!.image, reason })),
  }
}

/** The model's embeddings of one part of the data, kept in the work folder. */
function cachedEmbedder(
  encoders: OpenPairEmbedder,
  { workFolder, signal, onEvent }: MethodContext,
  part: string,
): PairEmbedder {
  const collect = (
    kind: string,
    inputs: readonly string[],
    embed: (inputs: readonly string[]) => Promise<FeatureChunk>,
  ) =>
    collectFeatures({
      folder: join(workFolder, 'features', `${part}-${kind}`),
      rows: inputs.length,
      compute: (start, end) => embed(inputs.slice(start, end)),
      signal,
      onProgress: (done, total) => onEvent(progressEvent(done, total)),
    })
  return {
    images: (paths) => collect('images', paths, encoders.images),
    texts: (texts) => collect('texts', texts, encoders.texts),
  }
}

function progressEvent(done: number, total: number): TrainingEvent {
  return { type: 'preparing', phase: 'computing features', done, total }
}

/** Numbers of the items whose pictures could be read. */
function keepReadable(items: readonly TrainingPair[], images: FeatureChunk): number[] {
  const unreadable = new Set(images.skipped.map(({ row }) => row))
  const kept = items.flatMap((_, row) => (unreadable.has(row) ? [] : [row]))
  if (kept.length > 0) return kept
  throw new AppError('NO_PICTURES', { path: dirname(items[0]?.image ?? '') })
}

/**
 * Rows divided, in place, by their root mean square length. Adapters are trained on rows of about
 * unit length, so that one learning rate fits models whose embeddings differ in length.
 */
function toTable(data: Float32Array, dim: number) {
  let squares = 0
  for (const value of data) squares += value * value
  const scale = Math.sqrt((squares * dim) / data.length) || 1
  for (let i = 0; i < data.length; i++) data[i]! /= scale
  const table: FeatureTable = { rowDims: [dim], data }
  return { table, dim, scale }
}
