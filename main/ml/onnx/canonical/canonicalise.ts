/** Brings a graph from any exporter into the one form that is trained and written here. */
import { AppError } from '../../../../shared/errors.js'
import { dropDeadNodes } from '../dropDeadNodes.js'
import type { Graph } from '../graph.js'
import { type InputShapes, inferShapes } from '../inferShapes.js'
import { fuseGelus } from './fuseGelus.js'
import { fuseLayerNorms } from './fuseLayerNorms.js'
import { liftableOpsets, liftOpset } from './liftOpset.js'
import { settleWeights } from './settleWeights.js'
import { toFloat32 } from './toFloat32.js'

export interface CanonicaliseOptions {
  /** Sizes of the inputs in some use; ranks and widths are known from them, no size is fixed. */
  readonly inputShapes: InputShapes
  /** The graph's file, for errors. */
  readonly path: string
}

/**
 * The same function of the same inputs in the opset that is built here, in float32, with each weight
 * an initializer of its own and each layer norm and GELU one node.
 *
 * @throws AppError MODEL_INVALID for opsets too old or too new; as `inferShapes`
 */
export function canonicalise(graph: Graph, { inputShapes, path }: CanonicaliseOptions): Graph {
  const { oldest, newest } = liftableOpsets
  if (graph.opset < oldest || graph.opset > newest) {
    const reason = `it is written in ONNX opset ${graph.opset}; export it in one from ${oldest} to ${newest}`
    throw new AppError('MODEL_INVALID', { path, reason })
  }
  const shapes = inferShapes(graph, inputShapes)
  const lifted = liftOpset(graph, (value) => shapes.get(value)!.shape.length)
  const full = settleWeights(toFloat32(lifted, (value) => shapes.get(value)?.type))
  const fused = fuseGelus(fuseLayerNorms(full, (value) => shapes.get(value)))
  if (fused === graph) return graph
  return dropDeadNodes(
    fused,
    graph.outputs.map(({ name }) => name),
  )
}
