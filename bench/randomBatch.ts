/** A batch of random pictures and texts of the shape that an architecture reads. */
import type { Architecture } from '../main/ml/clip/architecture.js'
import type { TensorData } from '../main/ml/onnx/graph.js'
import { createRandom } from '../main/ml/training/random.js'
import type { ContrastiveBatch } from '../main/ml/training/step/contrastiveBatch.js'

/** The same numbers for the same arguments; made whole, so that taking a part costs nothing. */
export function randomBatch(
  { image, text }: Architecture,
  size: number,
  textLength: number,
): ContrastiveBatch {
  const random = createRandom(size, textLength)
  const imageDims = image.kind === 'vit' ? [3, image.imageSize, image.imageSize] : image.featureDim
  const pictures = new Float32Array(size * imageDims.reduce((a, b) => a * b, 1))
  for (let i = 0; i < pictures.length; i++) pictures[i] = random.between(-1, 1)
  const ids = new BigInt64Array(size * textLength)
  for (let i = 0; i < ids.length; i++) ids[i] = BigInt(random.integer(text.vocabSize))
  const mask = new BigInt64Array(ids.length).fill(1n)
  const pictureInput = image.kind === 'vit' ? 'pixel_values' : 'features'
  return {
    size,
    groups: null,
    image: (start, count) => ({
      [pictureInput]: rows(
        { type: 'float32', dims: [size, ...imageDims], data: pictures },
        start,
        count,
      ),
    }),
    text: (start, count) => ({
      input_ids: rows({ type: 'int64', dims: [size, textLength], data: ids }, start, count),
      attention_mask: rows({ type: 'int64', dims: [size, textLength], data: mask }, start, count),
    }),
  }
}

function rows(tensor: TensorData, start: number, count: number): TensorData {
  const width = tensor.data.length / tensor.dims[0]!
  const data = tensor.data.subarray(start * width, (start + count) * width)
  return { ...tensor, dims: [count, ...tensor.dims.slice(1)], data } as TensorData
}
