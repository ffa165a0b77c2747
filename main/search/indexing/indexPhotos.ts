/** Gives every photo that lacks one its embedding: decoding and encoding go on at the same time. */
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PhotoObject } from '../../../shared/domain/photo.js'
import { isAppError } from '../../../shared/errors.js'
import type { ImageEncoder } from '../../ml/clip/encoders.js'
import { toFloat16Array } from '../../ml/onnx/float16.js'
import { failureReason } from '../../platform/fileErrors.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { NewEmbedding } from '../../storage/repositories/embeddings.js'
import type {
  EncodingFailure,
  OpenableFile,
  PendingPhoto,
  QueueOptions,
} from '../../storage/repositories/encodingQueue.js'
import type { Repositories } from '../../storage/repositories/index.js'

/** How picture files become what the encoder reads. */
export interface PixelSource {
  /** How many values one picture has: 3 x height x width. */
  readonly length: number
  /** The picture decoded and cropped, 8 bits a value: until it is encoded, a quarter of the memory. */
  load(path: string): Promise<Uint8Array>
  /** Writes pixel values `[3, height, width]` of what was loaded into `out`, from `offset` on. */
  write(rgb: Uint8Array, out: Float32Array, offset: number): void
}

export interface IndexingDependencies {
  readonly embeddings: Repositories['embeddings']
  readonly objects: Repositories['objects']
  readonly encodingQueue: Repositories['encodingQueue']
  readonly encoder: Pick<ImageEncoder, 'encode'>
  readonly pixels: PixelSource
  /** Version of the decoder: photos that failed under another one are tried again. */
  readonly decoderVersion: string
  readonly now: () => number
  /** Waits for searches that are under way, which want the processor for themselves. */
  readonly makeWay: () => Promise<void>
}

export interface IndexingOptions {
  /** `models.id` of the encoder's model. */
  readonly modelId: number
  readonly batchSize: number
  /** Pictures decoded at once. */
  readonly concurrency: number
  /**
   * Whether the encoder tells what it finds and that is wanted; asked again as it goes, since the
   * person may think better of it.
   */
  readonly wantsObjects: () => Promise<boolean>
  /** Whether it does nothing else: embeddings are not kept. */
  readonly onlyObjects: boolean
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface IndexingReport {
  readonly indexed: number
  readonly failed: number
}

/** A photo with its pixels, or with the reason why there are none; neither if no file has it now. */
interface DecodedPhoto {
  readonly photoId: number
  readonly embedded: boolean
  readonly pixels: Uint8Array | null
  readonly failure: { code: string; reason: string } | null
}

/**
 * Encodes all pending photos of a model.
 *
 * Each batch is saved as soon as it is encoded, so a kill loses at most the batches in flight; a
 * picture that cannot be read is recorded with its reason and stops nothing.
 */
export async function indexPhotos(
  dependencies: IndexingDependencies,
  options: IndexingOptions,
): Promise<IndexingReport> {
  const { encodingQueue, decoderVersion } = dependencies
  const wanted = await options.wantsObjects()
  if (options.onlyObjects && !wanted) return { indexed: 0, failed: 0 }
  const objects = options.onlyObjects ? 'only' : wanted
  const total = await encodingQueue.count(options.modelId, decoderVersion, { objects })
  const report = { indexed: 0, failed: 0 }
  let seen = 0
  options.onProgress(0, total)
  // [Note: decoding ahead]
  // The encoder works in a thread of its own. While it does, up to two further batches are decoded,
  // and the batch before is written; none of the three waits for another.
  let saving = Promise.resolve()
  try {
    for await (const batch of inBatches(
      decodeAhead(dependencies, { ...options, objects }),
      options.batchSize,
    )) {
      const encoded = await encodeBatch(dependencies, batch)
      await saving
      saving = saveBatch(dependencies, options, batch, encoded)
      saving.catch(() => {})
      report.indexed += encoded.length
      report.failed += batch.filter((photo) => photo.failure !== null).length
      seen += batch.length
      options.onProgress(seen, Math.max(total, seen))
    }
  } finally {
    // Also when interrupted: what called may close the database next.
    await saving
  }
  return report
}

/** Pixels of the pending photos by rising id, decoded before they are asked for. */
function decodeAhead(
  dependencies: IndexingDependencies,
  { modelId, batchSize, concurrency, signal, objects }: IndexingOptions & QueueChoice,
): AsyncIterable<DecodedPhoto> {
  const pending = pendingPhotos(dependencies, { modelId, signal, objects })
  const options = { concurrency, highWaterMark: 2 * batchSize, signal }
  return Readable.from(pending).map(async (photo: PendingPhoto) => {
    await dependencies.makeWay()
    return decodePhoto(photo, dependencies.pixels)
  }, options)
}

/** Whether photos are gone through again in which nothing was looked for yet, or those alone. */
type QueueChoice = Required<Pick<QueueOptions, 'objects'>>

async function* pendingPhotos(
  { encodingQueue, decoderVersion }: IndexingDependencies,
  { modelId, signal, objects }: Pick<IndexingOptions, 'modelId' | 'signal'> & QueueChoice,
): AsyncGenerator<PendingPhoto> {
  for (let afterPhotoId = 0; ; ) {
    signal.throwIfAborted()
    const page = await encodingQueue.next(modelId, decoderVersion, { afterPhotoId, objects })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    afterPhotoId = last.photoId
  }
}

/** Tries the photo's files in turn: one of several may be damaged on its disk. */
async function decodePhoto(
  { photoId, embedded, files }: PendingPhoto,
  source: PixelSource,
): Promise<DecodedPhoto> {
  let failure: DecodedPhoto['failure'] = null
  for (const file of files) {
    const path = fromPortablePath(file.rootPath, file.relativePath)
    try {
      const pixels = await source.load(path)
      if (!(await wasReplaced(path, file))) return { photoId, embedded, pixels, failure: null }
    } catch (error) {
      if (!isAppError(error)) throw error
      // A file that has gone since the scan says nothing about the photo, nor does another in its place.
      if (error.code === 'FILE_NOT_FOUND' || (await wasReplaced(path, file))) continue
      failure = { code: error.code, reason: failureReason(error) }
    }
  }
  return { photoId, embedded, pixels: null, failure }
}

/** Whether the file holds something else than at the scan; the next scan finds out what. */
async function wasReplaced(path: string, { sizeBytes, mtimeMs }: OpenableFile): Promise<boolean> {
  const now = await stat(path).catch(() => null)
  return now !== null && (now.size !== sizeBytes || now.mtimeMs !== mtimeMs)
}

/** Few enough that a search need not wait long for them; more at once are no quicker (measured). */
const encodedAtOnce = 8

async function encodeBatch(
  { encoder, pixels, makeWay }: Pick<IndexingDependencies, 'encoder' | 'pixels' | 'makeWay'>,
  batch: readonly DecodedPhoto[],
): Promise<EncodedPhoto[]> {
  const readable = batch.filter((photo) => photo.pixels !== null)
  const found: EncodedPhoto[] = []
  for (let at = 0; at < readable.length; at += encodedAtOnce) {
    await makeWay()
    found.push(...(await encodeSome(encoder, pixels, readable.slice(at, at + encodedAtOnce))))
  }
  return found
}

/** An embedding, and what was found in the photo where that was told. */
interface EncodedPhoto extends NewEmbedding {
  readonly embedded: boolean
  readonly objects: readonly PhotoObject[] | null
}

async function encodeSome(
  encoder: IndexingDependencies['encoder'],
  source: PixelSource,
  photos: readonly DecodedPhoto[],
): Promise<EncodedPhoto[]> {
  const pixels = new Float32Array(photos.length * source.length)
  for (const [i, photo] of photos.entries()) {
    if (photo.pixels) source.write(photo.pixels, pixels, i * source.length)
    // Several in a row would be felt in the window.
    await nextTurn()
  }
  const { embeddings, pooled, objects } = await encoder.encode(pixels, photos.length)
  const dim = embeddings.length / photos.length
  const pooledDim = pooled ? pooled.length / photos.length : 0
  return photos.map(({ photoId, embedded }, i) => ({
    photoId,
    embedded,
    objects: objects?.[i] ?? null,
    embedding: embeddings.slice(i * dim, (i + 1) * dim),
    pooled: pooled && toFloat16Array(pooled.subarray(i * pooledDim, (i + 1) * pooledDim)),
  }))
}

async function saveBatch(
  { embeddings, objects, encodingQueue, decoderVersion, now }: IndexingDependencies,
  {
    modelId,
    wantsObjects,
    onlyObjects,
  }: Pick<IndexingOptions, 'modelId' | 'wantsObjects' | 'onlyObjects'>,
  batch: readonly DecodedPhoto[],
  encoded: readonly EncodedPhoto[],
): Promise<void> {
  // Before the embeddings, so that a photo with its embedding lacks nothing after a kill in between.
  const looked = encoded.flatMap(({ photoId, objects: found }) =>
    found ? [{ photoId, objects: found }] : [],
  )
  if (looked.length > 0 && (await wantsObjects())) {
    await objects.saveMany(modelId, looked)
    if (!(await wantsObjects())) await objects.forgetAll()
  }
  // What has its embedding is left alone: another writing would make every cache of them stale.
  const rows = encoded.filter(({ embedded }) => !embedded && !onlyObjects)
  await embeddings.saveMany(modelId, rows)
  const failedAt = now()
  const failures = batch.flatMap(({ photoId, failure }): EncodingFailure[] =>
    failure ? [{ photoId, ...failure, sourceVersion: decoderVersion, failedAt }] : [],
  )
  await encodingQueue.recordFailures(modelId, failures)
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
