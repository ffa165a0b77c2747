/** Gives photos their embeddings by a tuned model without looking at them again. */
import { z } from 'zod'
import { type ImageProjection, openImageProjection } from '../../ml/clip/imageProjection.js'
import {
  isQuantized,
  type ModelDirectory,
  openModelDirectory,
} from '../../ml/clip/modelDirectory.js'
import { fromFloat16Array } from '../../ml/onnx/float16.js'
import type { NewEmbedding, StoredPooled } from '../../storage/repositories/embeddings.js'
import type { Repositories } from '../../storage/repositories/index.js'
import type { Model } from '../../storage/repositories/models.js'

const photosPerBatch = 512
/** 8 bits round by the largest number of a batch, so these are as small as the encoder's own. */
const quantizedRows = 8

export interface EmbedFromParentOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

// [Note: embeddings without pictures]
// A quick run changes only what follows the pooled feature, which is stored with each embedding. So
// its model's embeddings are one product away from what its parent has left in the library. A run that
// changes the text encoder alone (LiT) leaves pictures as they were: their embeddings are its parent's.

/**
 * Embeds the photos that the parent of a tuned model has seen and the model has not, where they need
 * not be looked at for that; how many. Photos that are offline are among them.
 */
export async function embedFromParent(
  { embeddings, models, objects }: Pick<Repositories, 'embeddings' | 'models' | 'objects'>,
  row: Model,
  directory: ModelDirectory,
  { signal, onProgress }: EmbedFromParentOptions,
): Promise<number> {
  const parent = row.parentId === null ? null : await models.get(row.parentId)
  const way = parent === null ? null : wayFromParent(directory)
  if (parent === null || way === null) return 0
  // Encoders of another precision give other pooled features than the parent has left.
  const quantized = isQuantized(directory)
  const before = await openModelDirectory(parent.path).catch(() => null)
  if (before === null ? quantized : isQuantized(before) !== quantized) return 0
  const known = new Set(await embeddings.photoIds(row.id))
  const total = (await embeddings.count(parent.id)) - known.size
  if (total <= 0) return 0
  const hasObjects = (directory.manifest?.objects ?? null) !== null
  if (way === 'copy') {
    const missing = [...(await embeddings.photoIds(parent.id))].filter((id) => !known.has(id))
    for (let at = 0; at < missing.length; at += photosPerBatch) {
      signal.throwIfAborted()
      const photoIds = missing.slice(at, at + photosPerBatch)
      if (hasObjects) await objects.copy(parent.id, row.id, photoIds)
      await embeddings.copyMany(parent.id, row.id, photoIds)
      onProgress(at + photoIds.length, missing.length)
    }
    return missing.length
  }
  const projection = await openImageProjection(directory)
  if (projection === null) return 0
  let done = 0
  try {
    for await (const batch of unknownPooled(embeddings.streamPooled(parent.id, signal), known)) {
      signal.throwIfAborted()
      const atOnce = quantized ? quantizedRows : batch.length
      const rows = await embedBatch(projection, batch, atOnce)
      // What leads to the objects is the parent's own, too.
      const photoIds = batch.map(({ photoId }) => photoId)
      if (hasObjects) await objects.copy(parent.id, row.id, photoIds)
      await embeddings.saveMany(row.id, rows)
      done += batch.length
      onProgress(done, Math.max(total, done))
    }
  } finally {
    await projection.dispose()
  }
  return done
}

const trainedTowerSchema = z.object({ spec: z.object({ tower: z.string() }) })

/** How embeddings of pictures come from those of the model that this one was made of; null: not at all. */
function wayFromParent({ manifest }: ModelDirectory): 'project' | 'copy' | null {
  if (manifest?.method === 'quick') return 'project'
  if (manifest?.method !== 'deep' && manifest?.method !== 'full') return null
  const report = trainedTowerSchema.safeParse(manifest.trainingReport)
  return report.data?.spec.tower === 'text' ? 'copy' : null
}

async function* unknownPooled(
  stored: AsyncIterable<StoredPooled>,
  known: ReadonlySet<number>,
): AsyncGenerator<StoredPooled[]> {
  let batch: StoredPooled[] = []
  for await (const row of stored) {
    if (!known.has(row.photoId)) batch.push(row)
    if (batch.length < photosPerBatch) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** @param atOnce rows of one product */
async function embedBatch(
  projection: ImageProjection,
  batch: readonly StoredPooled[],
  atOnce: number,
) {
  const embedded: NewEmbedding[] = []
  for (let at = 0; at < batch.length; at += atOnce) {
    embedded.push(...(await embedRows(projection, batch.slice(at, at + atOnce))))
  }
  return embedded
}

async function embedRows(
  projection: ImageProjection,
  batch: readonly StoredPooled[],
): Promise<NewEmbedding[]> {
  const { pooledDim } = projection
  const features = new Float32Array(batch.length * pooledDim)
  batch.forEach(({ pooled }, i) => {
    features.set(fromFloat16Array(pooled), i * pooledDim)
  })
  const rows = await projection.project(features)
  const dim = rows.length / batch.length
  return batch.map(({ photoId, pooled }, i) => ({
    photoId,
    embedding: rows.slice(i * dim, (i + 1) * dim),
    pooled,
  }))
}
