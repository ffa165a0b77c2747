/** The job that brings a library's embeddings by one model up to date. */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { openImageEncoder } from '../../ml/clip/encoders.js'
import { type ModelDirectory, openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../ml/clip/preprocess.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'
import { type ModelVectorsOptions, openModelVectors } from '../openModelVectors.js'
import type { SearchTraffic } from '../searchTraffic.js'
import { embedFromParent } from './embedFromParent.js'
import { indexPhotos } from './indexPhotos.js'

export const indexingBatchSize = 32
/**
 * As many as there are cores to decode on, of which libuv uses four at most; one more keeps them busy
 * while JavaScript takes over. What is begun is finished before a search has the cores for itself.
 */
export const indexingConcurrency = Math.min(4, availableParallelism()) + 1

/**
 * One core is left to searches and to decoding, which would otherwise have to share; indexing takes
 * no longer for it (measured on two cores).
 */
const encoderThreads = Math.max(1, availableParallelism() - 1)

export const indexJobKind = 'index'

const indexJobParamsSchema = z.object({
  /** The model's uid. */
  model: z.string(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
})
export type IndexJobParams = z.infer<typeof indexJobParamsSchema>

export const indexJobResultSchema = z.object({
  model: z.string(),
  indexed: z.number().int(),
  failed: z.number().int(),
  /** Photos with an embedding by this model, earlier ones included. */
  total: z.number().int(),
  seconds: z.number(),
})
export type IndexJobResult = z.infer<typeof indexJobResultSchema>

export interface IndexJobDependencies {
  readonly database: Database
  readonly vectorFolder: string
  readonly onNotice: (message: string) => void
  readonly traffic: SearchTraffic
}

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
  { database, vectorFolder, onNotice, traffic }: IndexJobDependencies,
  { params, signal, report }: JobContext<IndexJobParams>,
): Promise<IndexJobResult> {
  const startedAt = performance.now()
  const row = await database.models.byUid(params.model)
  if (!row) throw new AppError('MODEL_NOT_FOUND', { model: params.model })
  const directory = await openModelDirectory(row.path)
  if (directory.id !== row.uid) {
    const reason = 'it is another model than before'
    throw new AppError('MODEL_INVALID', { path: row.path, reason })
  }
  const onProgress = (done: number, total: number) => report({ phase: 'indexing', done, total })
  const reused = await embedFromParent(database, row, directory, { signal, onProgress })
  const encoded = await encodePending({ database, traffic }, row, directory, {
    device: params.device,
    signal,
    onProgress,
  })
  const counts = { ...encoded, indexed: reused + encoded.indexed }
  // Built now, so that the first search after indexing does not wait or scan.
  report({ phase: 'preparing search', done: 0, total: 1 })
  await prepareSearch({ database, row, vectorFolder, onNotice, signal })
  report({ phase: 'preparing search', done: 1, total: 1 })
  const total = await database.embeddings.count(row.id)
  const seconds = (performance.now() - startedAt) / 1000
  return { model: row.name, ...counts, total, seconds }
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
  readonly device: IndexJobParams['device']
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

async function encodePending(
  { database, traffic }: Pick<IndexJobDependencies, 'database' | 'traffic'>,
  row: Model,
  directory: ModelDirectory,
  { device, signal, onProgress }: EncodeOptions,
) {
  const { threads } = await database.settings.get('preferences')
  const encoder = await openImageEncoder(directory, { device, threads: threads || encoderThreads })
  try {
    return await indexPhotos(
      {
        ...database,
        encoder,
        loadPixels: (path) => loadPixelValues(path, directory.preprocess),
        decoderVersion,
        now: Date.now,
        makeWay: traffic.pass,
      },
      {
        modelId: row.id,
        batchSize: indexingBatchSize,
        concurrency: indexingConcurrency,
        signal,
        onProgress,
      },
    )
  } finally {
    await encoder.dispose()
  }
}
