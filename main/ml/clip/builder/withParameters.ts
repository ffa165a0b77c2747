/** Puts trained weights into a graph, for saving. */
import { AppError } from '../../../../shared/errors.js'
import type { Graph, TensorData } from '../../onnx/graph.js'

/**
 * The graph with the named float32 initializers replaced by copies of `parameters`.
 *
 * @throws AppError SHAPE_MISMATCH if there is no such initializer or its size differs
 */
export function withParameters(graph: Graph, parameters: ReadonlyMap<string, Float32Array>): Graph {
  const initializers = new Map<string, TensorData>(graph.initializers)
  for (const [name, values] of parameters) {
    const old = initializers.get(name)
    if (old?.type !== 'float32' || old.data.length !== values.length) {
      const problem = `no float32 weight ${name} of ${values.length} numbers`
      throw new AppError('SHAPE_MISMATCH', { where: graph.name, problem })
    }
    initializers.set(name, { type: 'float32', dims: old.dims, data: values.slice() })
  }
  return { ...graph, initializers }
}
