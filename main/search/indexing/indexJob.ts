/** The job that brings a library's embeddings by one model up to date. */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { openImageEncoder } from '../../ml/clip/encoders.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { cropOptions, toPixelValues } from '../../ml/clip/preprocess.js'
import { threadsGiveWay } from '../../platform/giveWay.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import type { ImageThread } from '../../platform/images/imageThread.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'
import { type ModelVectorsOptions, openModelVectors } from '../openModelVectors.js'
import type { SearchTraffic } from '../searchTraffic.js'
import { embedFromParent } from './embedFromParent.js'
import { findsObjects } from './findsObjects.js'
import { indexPhotos } from './indexPhotos.js'

export const indexingBatchSize = 32
/**
 * As many as there are cores to decode on, but of libuv's four threads one is left to whoever reads
 * files: tiles in sight would wait for whole photographs. What is begun is finished before a search
 * has the cores for itself.
 */
export const indexingConcurrency = Math.min(3, availableParallelism())

/**
 * All cores where the encoder's threads give way to whoever wants one. Elsewhere one is left to
 * searches and to decoding, which makes an encoder that is slower than decoding slower still.
 */
const encoderThreads = Math.max(1, availableParallelism() - (threadsGiveWay ? 0 : 1))

export const indexJobKind = 'index'

const indexJobParamsSchema = z.object({
  /** The model's uid. */
  model: z.string(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
  /**
   * `objects`: the model only looks for things where no model has yet, and makes no embeddings. For
   * libraries that are searched with a model that finds none.
   */
  only: z.enum(['objects']).optional(),
})
export type IndexJobParams = z.infer<typeof indexJobParamsSchema>

export const indexJobResultSchema = z.object({
  model: z.string(),
  /** The model's uid; another one than was asked for, where 8-bit weights were found to do. */
  id: z.string(),
  indexed: z.number().int(),
  failed: z.number().int(),
  /** Photos with an embedding by this model, earlier ones included. */
  total: z.number().int(),
  /** Where the encoder ran, `cpu` also where it had to fall back. */
  device: z.string(),
  seconds: z.number(),
})
export type IndexJobResult = z.infer<typeof indexJobResultSchema>

export interface IndexJobDependencies {
  readonly database: Database
  readonly vectorFolder: string
  readonly onNotice: (message: string) => void
  readonly traffic: SearchTraffic
  readonly images: Pick<ImageThread, 'decode'>
  readonly choosePrecision: ChoosePrecision
}

/** A model with its files. */
export interface IndexedModel {
  readonly row: Model
  readonly directory: ModelDirectory
}

/** The model to index by: the given one, or what was made of it with 8-bit encoders. */
export type ChoosePrecision = (
  model: IndexedModel,
  context: Pick<JobContext<IndexJobParams>, 'signal' | 'report'> & Pick<IndexJobParams, 'device'>,
) => Promise<IndexedModel>

/** The database is the checkpoint: what has an embedding is done, so a killed job just runs again. */
export function createIndexJob(dependencies: IndexJobDependencies) {
  return defineJobKind<IndexJobParams>({
    lane: 'index',
    paramsSchema: indexJobParamsSchema,
    run: (context) => runIndexJob(dependencies, context),
  })
}

/** The job's work, for jobs that begin with it. */
export async function runIndexJob(
  { database, vectorFolder, onNotice, traffic, images, choosePrecision }: IndexJobDependencies,
  { params, signal, report }: JobContext<IndexJobParams>,
): Promise<IndexJobResult> {
  const startedAt = performance.now()
  const { device, only } = params
  const asked = await openKnown(database, params.model)
  const phase = only === 'objects' ? 'looking for things' : 'indexing'
  const onProgress = (done: number, total: number) => report({ phase, done, total })
  const encode = ({ row, directory }: IndexedModel) =>
    encodePending({ database, traffic, images, onNotice }, row, directory, {
      device,
      onlyObjects: only === 'objects',
      signal,
      onProgress,
    })
  const secondsSince = () => (performance.now() - startedAt) / 1000
  if (only === 'objects') {
    const { row } = asked
    const looked = await encode(asked)
    const total = await database.embeddings.count(row.id)
    return { model: row.name, id: row.uid, ...looked, total, seconds: secondsSince() }
  }
  const reused = await embedFromParent(database, asked.row, asked.directory, { signal, onProgress })
  const { row, directory } = await choosePrecision(asked, { device, signal, report })
  const encoded = await encode({ row, directory })
  const counts = { ...encoded, indexed: reused + encoded.indexed }
  // Built now, so that the first search after indexing does not wait or scan.
  report({ phase: 'preparing search', done: 0, total: 1 })
  await prepareSearch({ database, row, vectorFolder, onNotice, signal })
  report({ phase: 'preparing search', done: 1, total: 1 })
  const total = await database.embeddings.count(row.id)
  return { model: row.name, id: row.uid, ...counts, total, seconds: secondsSince() }
}

async function openKnown({ models }: Database, uid: string): Promise<IndexedModel> {
  const row = await models.byUid(uid)
  if (!row) throw new AppError('MODEL_NOT_FOUND', { model: uid })
  const directory = await openModelDirectory(row.path)
  if (directory.id === uid) return { row, directory }
  const reason = 'it is another model than before'
  throw new AppError('MODEL_INVALID', { path: row.path, reason })
}

/** Builds the graph of a large library, or begins to: a stop does not wait for minutes of work. */
async function prepareSearch(options: Omit<ModelVectorsOptions, 'catchUpLimit'>): Promise<void> {
  const { signal } = options
  // However much is new, adding it takes less than building anew.
  const vectors = await openModelVectors({ ...options, catchUpLimit: Number.POSITIVE_INFINITY })
  const stop = () => void vectors.dispose()
  signal.addEventListener('abort', stop)
  try {
    if (!signal.aborted) await vectors.settled()
  } finally {
    signal.removeEventListener('abort', stop)
    await vectors.dispose()
  }
  signal.throwIfAborted()
}

interface EncodeOptions {
  readonly onlyObjects: boolean
  readonly device: IndexJobParams['device']
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

async function encodePending(
  {
    database,
    traffic,
    images,
    onNotice,
  }: Pick<IndexJobDependencies, 'database' | 'traffic' | 'images' | 'onNotice'>,
  row: Model,
  directory: ModelDirectory,
  { device, onlyObjects, signal, onProgress }: EncodeOptions,
) {
  const { threads } = await database.settings.get('preferences')
  const finds = directory.manifest?.objects != null
  const wantsObjects = async () => finds && (await findsObjects(database))
  const encoder = await openImageEncoder(directory, {
    device,
    threads: threads || encoderThreads,
    precision: 'search',
    objects: await wantsObjects(),
    transfer: true,
    background: true,
  })
  const { preprocess } = directory
  const crop = cropOptions(preprocess)
  try {
    const counts = await indexPhotos(
      {
        ...database,
        encoder,
        pixels: {
          length: 3 * preprocess.height * preprocess.width,
          load: async (path) => (await images.decode(path, crop)).data,
          write: (rgb, out, offset) => toPixelValues(rgb, preprocess, out, offset),
        },
        decoderVersion,
        now: Date.now,
        makeWay: traffic.pass,
      },
      {
        modelId: row.id,
        wantsObjects,
        onlyObjects,
        batchSize: indexingBatchSize,
        concurrency: indexingConcurrency,
        signal,
        onProgress,
      },
    )
    return { ...counts, device: encoder.device }
  } finally {
    // Also after a failure in the midst of it, which moves the encoder to the CPU.
    if (encoder.notice !== undefined) onNotice(encoder.notice)
    await encoder.dispose()
  }
}
