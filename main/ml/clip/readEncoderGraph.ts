/** Reads the graph of a model's encoder. */
import type { Graph, ValueInfo } from '../onnx/graph.js'
import type { InputShapes } from '../onnx/inferShapes.js'
import { type ReadModelOptions, readModelFile } from '../onnx/readModel.js'
import type { ModelDirectory } from './modelDirectory.js'

type Sizes = Pick<ModelDirectory, 'preprocess' | 'contextLength'>

/** Shapes of an encoder's inputs for a batch of pictures or of whole-length texts. */
export function encoderInputShapes(
  inputs: readonly ValueInfo[],
  { preprocess, contextLength }: Sizes,
  batch: number,
): InputShapes {
  const pixels = [batch, 3, preprocess.height, preprocess.width]
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const wanted = type === 'int64' || type === 'int32' ? [batch, contextLength] : pixels
      return [name, shape.map((dim, axis) => (typeof dim === 'number' ? dim : wanted[axis]!))]
    }),
  )
}

/** Batches for which an If has to go the same way. */
const batches = [1, 2, 3]

/** @throws AppError as `readModelFile` */
export function readEncoderGraph(
  path: string,
  sizes: Sizes,
  options: Pick<ReadModelOptions, 'onOperator'> = {},
): Promise<Graph> {
  const usesOf = (inputs: readonly ValueInfo[]) =>
    batches.map((batch) => encoderInputShapes(inputs, sizes, batch))
  return readModelFile(path, { ...options, usesOf })
}
