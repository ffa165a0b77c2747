/** Whether an adapter is made for a graph's embeddings. */
import { AppError } from '../../../../../shared/errors.js'
import type { Graph } from '../../../onnx/graph.js'

/** @throws AppError SHAPE_MISMATCH if `output` is missing or has another number of dimensions */
export function checkDims(graph: Graph, output: string, dim: number): void {
  const shape = graph.outputs.find((o) => o.name === output)?.shape
  const own = shape?.at(-1)
  if (shape && (typeof own === 'string' || own === dim)) return
  const problem = `an adapter of ${dim} dimensions does not fit output ${output} [${shape}]`
  throw new AppError('SHAPE_MISMATCH', { where: graph.name, problem })
}
