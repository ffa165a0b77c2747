/** Puts a linear adapter after an encoder, to be trained together with what is before it. */
import type { Graph } from '../../../onnx/graph.js'
import { appendNodes } from './appendNodes.js'
import type { LinearChange } from './mergeLinear.js'

export interface AddedAdapter {
  readonly graph: Graph
  /** The names of its weights: y -> y (I + residual) + bias. Both are zero at first. */
  readonly names: Readonly<Record<keyof LinearChange, string>>
}

/** @param output embeddings [batch, dim] */
export function addLinearAdapter(graph: Graph, output: string, dim: number): AddedAdapter {
  const names = { residual: '', bias: '' }
  const adapted = appendNodes(graph, output, (b) => {
    names.residual = b.weight('residual', { dims: [dim, dim], data: new Float32Array(dim * dim) })
    names.bias = b.weight('bias', { dims: [dim], data: new Float32Array(dim) })
    return b.op('Add', [b.before, b.op('Gemm', [b.before, names.residual, names.bias])])
  })
  return { graph: adapted, names }
}
