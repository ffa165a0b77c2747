/** The job that finds out how good a model is on the person's own photos, and how fast here. */
import { z } from 'zod'
import type { ModelMeasure } from '../../../shared/domain/library.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { defineJobKind } from '../../jobs/jobKind.js'
import { openImageEncoder, openTextEncoder } from '../../ml/clip/encoders.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { evaluateModel } from '../../ml/training/evaluateModel.js'
import type { Database } from '../../storage/openDatabase.js'
import { collectPairs, toTrainingPair } from '../collectPairs.js'
import { pickUnlearned } from './pickUnlearned.js'

export const measureJobKind = 'measure'

const paramsSchema = z.object({
  /** The model's uid, and its name for people. */
  model: z.string(),
  name: z.string(),
})

export interface MeasureJobDependencies {
  readonly database: Database
  readonly onMeasured: () => void
}

/** The same photos for every model, so that figures can be compared; few enough for a minute or two. */
const mostPhotos = 300
const words = { captions: true, tags: true, names: false, judgements: false }

export function createMeasureJob({ database, onMeasured }: MeasureJobDependencies) {
  return defineJobKind<z.infer<typeof paramsSchema>>({
    // Beside indexing its times would mean nothing.
    lane: 'index',
    paramsSchema,
    async run({ params, signal, report }) {
      const row = await database.models.byUid(params.model)
      if (row === null) throw new AppError('MODEL_NOT_FOUND', { model: params.name })
      const model = await openModelDirectory(row.path)
      report({ phase: 'measuring speed', done: 0, total: 0 })
      const speed = await measureSpeed(model)
      signal.throwIfAborted()
      const { pairs } = await collectPairs(database, { source: { kind: 'library' }, words }, signal)
      const { taken, learned } = await pickUnlearned(database, pairs, {
        most: mostPhotos,
        signal,
        onProgress: (done, total) => report({ phase: 'comparing pictures', done, total }),
      })
      const evaluation = await evaluate(model, taken.map(toTrainingPair), signal, (done, total) =>
        report({ phase: 'looking at photos with words', done, total }),
      )
      const measure: ModelMeasure = {
        ...speed,
        photos: evaluation === null ? 0 : evaluation.textToImage.gallerySize,
        learned,
        report: evaluation,
        at: new Date().toISOString(),
      }
      const all = await database.settings.get('modelMeasures')
      await database.settings.set('modelMeasures', { ...all, [row.uid]: measure })
      onMeasured()
      return { model: row.uid }
    },
  })
}

/** Null where no photo has a caption or tag, or none of them can be read. */
async function evaluate(
  model: ModelDirectory,
  pairs: Parameters<typeof evaluateModel>[1],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
) {
  if (pairs.length === 0) return null
  try {
    return (await evaluateModel(model, pairs, { signal, onProgress })).report
  } catch (error) {
    if (isAppError(error, 'NO_PICTURES')) return null
    throw error
  }
}

const picturesAtOnce = 8
const measuredMs = 2_000

/** Two seconds of pictures, then some queries; as search and indexing run them. */
async function measureSpeed(model: ModelDirectory) {
  const options = { device: 'cpu', threads: 0, precision: 'search' } as const
  const { width, height } = model.preprocess
  const pixels = () =>
    Float32Array.from({ length: picturesAtOnce * 3 * width * height }, (_, i) => Math.sin(i * 0.1))
  const image = await openImageEncoder(model, options)
  const times: number[] = []
  try {
    await image.encode(pixels(), picturesAtOnce)
    const end = performance.now() + measuredMs
    do times.push(await timed(() => image.encode(pixels(), picturesAtOnce)))
    while (performance.now() < end)
  } finally {
    await image.dispose()
  }
  const text = await openTextEncoder(model, options)
  const queries: number[] = []
  try {
    await text.encode(['a red boat on the water'])
    for (const word of ['dog', 'tree', 'house', 'sea', 'night']) {
      queries.push(await timed(() => text.encode([`a photo of a ${word} in summer`])))
    }
  } finally {
    await text.dispose()
  }
  return { picturesPerSecond: (1_000 * picturesAtOnce) / median(times), queryMs: median(queries) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1]!
}
