/** Gives photos their embeddings by a tuned model without looking at them again. */
import { type ImageProjection, openImageProjection } from '../../ml/clip/imageProjection.js'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import { fromFloat16Array } from '../../ml/onnx/float16.js'
import type { StoredPooled } from '../../storage/repositories/embeddings.js'
import type { Repositories } from '../../storage/repositories/index.js'
import type { Model } from '../../storage/repositories/models.js'

const photosPerBatch = 512

export interface EmbedFromParentOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

// [Note: embeddings without pictures]
// A quick run changes only what follows the pooled feature, which is stored with each embedding. So
// its model's embeddings are one product away from what its parent has left in the library.

/**
 * Embeds the photos that the parent of a quickly tuned model has seen and the model has not; how many.
 * Photos that are offline are among them.
 */
export async function embedFromParent(
  { embeddings, models }: Pick<Repositories, 'embeddings' | 'models'>,
  row: Model,
  directory: ModelDirectory,
  { signal, onProgress }: EmbedFromParentOptions,
): Promise<number> {
  const parent = row.parentId === null ? null : await models.get(row.parentId)
  if (parent === null || directory.manifest?.method !== 'quick') return 0
  const known = new Set(await embeddings.photoIds(row.id))
  const total = (await embeddings.count(parent.id)) - known.size
  if (total <= 0) return 0
  const projection = await openImageProjection(directory)
  if (projection === null) return 0
  let done = 0
  try {
    for await (const batch of unknownPooled(embeddings.streamPooled(parent.id, signal), known)) {
      signal.throwIfAborted()
      await embeddings.saveMany(row.id, await embedBatch(projection, batch))
      done += batch.length
      onProgress(done, Math.max(total, done))
    }
  } finally {
    await projection.dispose()
  }
  return done
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

async function embedBatch(projection: ImageProjection, batch: readonly StoredPooled[]) {
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
