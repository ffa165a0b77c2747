/** Takes pooled features of pictures to embeddings as search has them, without the encoder in front. */
import { readModelFile } from '../onnx/readModel.js'
import { originOf, subgraphBetween } from '../onnx/subgraphBetween.js'
import { writeModel } from '../onnx/writeModel.js'
import { openSessionInWorker } from '../runtime/openSessionInWorker.js'
import { checkEncoder, type ModelDirectory } from './modelDirectory.js'
import { normalizeRows } from './normalizeRows.js'

export interface ImageProjection {
  readonly pooledDim: number
  /** `[rows, pooledDim]` to embeddings `[rows, embeddingDim]` of length 1. */
  project(pooled: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

const pooledOutput = 'pooler_output'
const embeddings = 'image_embeds'

/**
 * Null for encoders without a pooled feature, or whose embeddings are made of more than that.
 *
 * @throws AppError MODEL_INVALID if a file was altered
 */
export async function openImageProjection(model: ModelDirectory): Promise<ImageProjection | null> {
  const { imagePooledDim: pooledDim, embeddingDim } = model
  if (pooledDim === null) return null
  await checkEncoder(model, 'vision', 'search')
  const graph = await readModelFile(model.searchPaths.vision)
  const name = originOf(graph, pooledOutput)
  const shape = ['batch', pooledDim]
  const projection = subgraphBetween(graph, { name, type: 'float32', shape }, embeddings)
  if (projection === null) return null
  const session = await openSessionInWorker(writeModel(projection), { device: 'cpu', threads: 0 })
  return {
    pooledDim,
    async project(pooled) {
      const dims = [pooled.length / pooledDim, pooledDim]
      const results = await session.run({ [name]: { type: 'float32', dims, data: pooled } })
      return normalizeRows(results[embeddings]!.data as Float32Array, embeddingDim)
    },
    dispose: () => session.dispose(),
  }
}
