/** Small graphs that the tests of the runtime run. */
import type { ElementType, TensorData } from '../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'

/** parameter, gradient [n] -> updated = parameter - gradient, product = parameter * gradient */
export function updateModel(): Uint8Array {
  const builder = new GraphBuilder('update')
  const parameter = builder.input('parameter', 'float32', ['n'])
  const gradient = builder.input('gradient', 'float32', ['n'])
  builder.output(builder.op('Sub', [parameter, gradient]), 'float32', ['n'], 'updated')
  builder.output(builder.op('Mul', [parameter, gradient]), 'float32', ['n'], 'product')
  return writeModel(builder.build())
}

/** x -> y = x, for any element type. */
export function identityModel(type: ElementType): Uint8Array {
  const builder = new GraphBuilder('identity')
  builder.output(builder.input('x', type, ['n']), type, ['n'], 'y')
  return writeModel(builder.build())
}

/** x [n, n] -> x multiplied by itself `times` times: work that takes a while. */
export function slowModel(times: number): Uint8Array {
  const builder = new GraphBuilder('slow')
  const x = builder.input('x', 'float32', ['n', 'n'])
  let power = x
  for (let i = 0; i < times; i++) power = builder.op('MatMul', [power, x])
  builder.output(power, 'float32', ['n', 'n'], 'y')
  return writeModel(builder.build())
}

export function vector(...values: number[]): TensorData {
  return { type: 'float32', dims: [values.length], data: Float32Array.from(values) }
}

export function square(size: number, value: number): TensorData {
  const data = new Float32Array(size * size).fill(value)
  return { type: 'float32', dims: [size, size], data }
}
