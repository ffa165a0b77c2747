/** Puts towers that were trained apart side by side in one graph with one embedding. */
import type { Graph, TensorData } from '../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { normalizeRows } from '../../../main/ml/training/losses/similarity.js'
import { renameValues } from '../../../main/ml/training/step/prefixGraph.js'
import type { Directions } from './leadingDirections.js'

export interface JoinedTowers {
  /** What each of them gives, `[batch, dim]`, and the whole is to give. */
  readonly output: string
  /** Weights that are the same in all of them, by name; kept once. */
  readonly shared: readonly string[]
  /** From the members' embeddings in a row to the joint one. */
  readonly directions: Directions
}

/**
 * [Note: several are surer than one]
 * Towers from several seeds err differently, so the mean of their cosines ranks better than each of
 * them (an ensemble). That mean is the cosine of their embeddings of length 1 laid in a row, and as
 * rows of that length fill few directions, all that counts fits into one embedding of usual length.
 *
 * @returns the members' inputs -> `output`, and `pooler_output`: the same before a last layer, which
 *   changes nothing until tuning does
 */
export function joinMembers(
  members: readonly Graph[],
  { output, shared, directions }: JoinedTowers,
): Graph {
  const kept = new Set(['', ...members[0]!.inputs.map(({ name }) => name), ...shared])
  const nameOf = (member: number, name: string) =>
    kept.has(name) ? name : `member${member + 1}/${name}`
  const apart = members.map((graph, i) => renameValues(graph, (name) => nameOf(i, name)))
  const ends = members.map((_, i) => nameOf(i, output))
  const end = joinEmbeddings(ends, output, directions)
  return {
    ...members[0]!,
    outputs: end.outputs,
    initializers: new Map([
      ...apart.flatMap(({ initializers }) => [...initializers]),
      ...end.initializers,
    ]),
    nodes: [...apart.flatMap(({ nodes }) => nodes), ...end.nodes],
  }
}

function joinEmbeddings(ends: readonly string[], output: string, directions: Directions): Graph {
  const b = new GraphBuilder('joined')
  const { from, to } = directions
  const rows = ends.map((end) =>
    normalizeRows(b, b.input(end, 'float32', ['batch', from / ends.length])),
  )
  const row = b.op('Concat', rows, { axis: 1 })
  const weight: TensorData = { type: 'float32', dims: [from, to], data: directions.data }
  const pooled = b.op('MatMul', [row, b.initializer('directions', weight)])
  const last = b.initializer('projection.weight', identity(to))
  b.output(b.op('MatMul', [pooled, last]), 'float32', ['batch', to], output)
  b.output(pooled, 'float32', ['batch', to], 'pooler_output')
  const kept = new Set(['', ...ends, output, 'pooler_output'])
  return renameValues(b.build(), (name) => (kept.has(name) ? name : `joined/${name}`))
}

function identity(size: number): TensorData {
  const data = new Float32Array(size * size)
  for (let i = 0; i < size; i++) data[i * (size + 1)] = 1
  return { type: 'float32', dims: [size, size], data }
}
