/** Runs a graph in onnxruntime itself, in the test's own thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ElementType, Graph, TensorData } from '../../../../main/ml/onnx/graph.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'

export type Feeds = Record<string, TensorData>

/** Runs a serialized model, or the file at a path. */
export async function runModel(model: Uint8Array | string, feeds: Feeds): Promise<Feeds> {
  const options = { logSeverityLevel: 3 } as const
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options)
  const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)] as const)
  const results = await session.run(Object.fromEntries(inputs))
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, fromOrt(tensor as Tensor)]),
  )
}

export function runGraph(graph: Graph, feeds: Feeds): Promise<Feeds> {
  return runModel(writeModel(graph), feeds)
}

/** The graph with every value that a node computes as an output. */
export function exposeAll(graph: Graph): Graph {
  const known = new Set(graph.outputs.map(({ name }) => name))
  const values = graph.nodes.flatMap(({ outputs }) => outputs).filter((name) => name !== '')
  const exposed = values.filter((name) => !known.has(name))
  return {
    ...graph,
    outputs: [
      ...graph.outputs,
      ...exposed.map((name) => ({ name, type: 'float32' as const, shape: [] })),
    ],
  }
}

function toOrt(tensor: TensorData): Tensor {
  return new Tensor(tensor.type, tensor.data as Float32Array, tensor.dims) as Tensor
}

function fromOrt(tensor: Tensor): TensorData {
  const type = tensor.type as ElementType
  return { type, dims: tensor.dims, data: tensor.data } as TensorData
}

export function floatTensor(dims: readonly number[], seed = 1): TensorData {
  const length = dims.reduce((product, dim) => product * dim, 1)
  const data = Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 * seed))
  return { type: 'float32', dims, data }
}

export function intTensor(dims: readonly number[], values: readonly number[]): TensorData {
  return { type: 'int64', dims, data: BigInt64Array.from(values.map(BigInt)) }
}
