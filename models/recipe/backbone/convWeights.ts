/** Reorders convolution weights from TensorFlow's layout to ONNX's. */
import type { TensorData } from '../../../main/ml/onnx/graph.js'
import type { TfWeight } from './readTfjsModel.js'

/** `[height, width, in, out]` to `[out, in, height, width]`. */
export function toConvWeight({ dims, data }: TfWeight): TensorData {
  const [height, width, inputs, outputs] = dims as [number, number, number, number]
  const area = height * width
  const reordered = new Float32Array(data.length)
  for (let place = 0; place < area; place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        reordered[(o * inputs + i) * area + place] = data[(place * inputs + i) * outputs + o]!
      }
    }
  }
  return { type: 'float32', dims: [outputs, inputs, height, width], data: reordered }
}

/** `[height, width, channels, 1]` to `[channels, 1, height, width]`. */
export function toDepthwiseWeight({ dims, data }: TfWeight): TensorData {
  const [height, width, channels] = dims as [number, number, number]
  return toConvWeight({ dims: [height, width, 1, channels], data })
}
