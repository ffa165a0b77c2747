/** Rewrites a graph of another operator set in the one that everything here is built in. */
import { intAttribute, intsAttribute } from '../attributes.js'
import { builtOpset, type Graph, type GraphNode } from '../graph.js'
import { editGraph, type GraphEditor, standardNode } from './graphEditor.js'

/** Operator sets that can be rewritten. */
export const liftableOpsets = { oldest: 11, newest: 21 } as const

/** The number of dimensions of a value. */
export type RankOf = (value: string) => number

interface Lifting extends GraphEditor {
  readonly opset: number
  readonly rankOf: RankOf
}

/** What a node becomes; undefined where it stays as it is. */
type Lift = (node: GraphNode, lifting: Lifting) => readonly GraphNode[] | undefined

// [Note: what differs between opsets]
// Only operators whose inputs or meaning changed between 11 and 21 are here. From 13 on Squeeze,
// Unsqueeze, ReduceSum and Split take their axes and sizes as inputs, from 18 on all reductions do;
// Softmax works along one axis since 13, and before that on everything from its axis on; Dropout has
// its ratio as an input since 12; GroupNormalization scales channels since 21, and groups before.
// All else gained element types and attributes whose defaults mean what was meant before.
const lifts: Readonly<Record<string, Lift>> = {
  Squeeze: axesToInput,
  Unsqueeze: axesToInput,
  ReduceSum: axesToInput,
  ReduceMean: axesToInput,
  ReduceMax: axesToInput,
  ReduceMin: axesToInput,
  ReduceProd: axesToInput,
  ReduceL1: axesToInput,
  ReduceL2: axesToInput,
  ReduceLogSum: axesToInput,
  ReduceLogSumExp: axesToInput,
  ReduceSumSquare: axesToInput,
  Split: liftSplit,
  Softmax: liftSoftmax,
  LogSoftmax: liftSoftmax,
  Hardmax: liftSoftmax,
  Dropout: liftDropout,
  BatchNormalization: liftBatchNormalization,
  GroupNormalization: lowerGroupNormalization,
}

/** @param rankOf ranks of the values in `graph` */
export function liftOpset(graph: Graph, rankOf: RankOf): Graph {
  if (graph.opset === builtOpset) return graph
  const editor = editGraph(graph)
  const lifting = { ...editor, opset: graph.opset, rankOf }
  const nodes = graph.nodes.flatMap((node) => {
    const lift = node.domain === '' && Object.hasOwn(lifts, node.opType) && lifts[node.opType]
    return (lift ? lift(node, lifting) : undefined) ?? [node]
  })
  return { ...editor.finish(nodes), opset: builtOpset }
}

function axesToInput(node: GraphNode, { addInts }: Lifting) {
  const axes = intsAttribute(node, 'axes')
  if (axes === undefined) return undefined
  const { axes: _, ...attributes } = node.attributes
  const input = addInts(`${node.outputs[0]}/axes`, axes)
  return [{ ...node, inputs: [node.inputs[0]!, input], attributes }]
}

function liftSplit(node: GraphNode, { addInts }: Lifting) {
  const { split, ...attributes } = node.attributes
  if (split?.kind === 'ints') {
    const input = addInts(`${node.outputs[0]}/split`, split.value)
    return [{ ...node, inputs: [node.inputs[0]!, input], attributes }]
  }
  if (node.inputs[1] || attributes.num_outputs) return undefined
  const count = { kind: 'int', value: node.outputs.length } as const
  return [{ ...node, attributes: { ...attributes, num_outputs: count } }]
}

function liftSoftmax(node: GraphNode, { opset, rankOf }: Lifting) {
  if (opset >= 13) return undefined
  const [x, y] = [node.inputs[0]!, node.outputs[0]!]
  const rank = rankOf(x)
  const given = intAttribute(node, 'axis', 1)
  const axis = given < 0 ? given + rank : given
  if (axis === rank - 1)
    return [{ ...node, attributes: { axis: { kind: 'int', value: -1 } } }] as const
  const [flat, result, shape] = ['flat', 'result', 'shape'].map((part) => `${y}/${part}`)
  return [
    standardNode('Flatten', [x], flat!, { axis }),
    standardNode(node.opType, [flat!], result!, { axis: -1 }),
    standardNode('Shape', [x], shape!),
    standardNode('Reshape', [result!, shape!], y),
  ]
}

function liftDropout(node: GraphNode, { opset }: Lifting) {
  return opset < 12 ? [{ ...node, attributes: {} }] : undefined
}

/** Before opset 14, further outputs meant training; exports for inference have one. */
function liftBatchNormalization(node: GraphNode, { opset }: Lifting) {
  if (opset >= 14 || node.outputs.slice(1).some((name) => name !== '')) return undefined
  return [{ ...node, outputs: node.outputs.slice(0, 1) }]
}

/** A norm with one scale a channel is one without scales, then a scale and a shift a channel. */
function lowerGroupNormalization(node: GraphNode, lifting: Lifting) {
  if (lifting.opset < 21) return undefined
  const [x, scale, bias] = node.inputs as [string, string, string]
  const y = node.outputs[0]!
  const groups = intAttribute(node, 'num_groups', 1)
  const vector = (part: string, value: number) =>
    lifting.addInitializer(`${y}/${part}`, {
      type: 'float32',
      dims: [groups],
      data: new Float32Array(groups).fill(value),
    })
  const spread = Array.from({ length: lifting.rankOf(x) - 2 }, (_, i) => i + 1)
  const axes = lifting.addInts(`${y}/axes`, spread)
  const [plain, scaled, wideScale, wideBias] = ['plain', 'scaled', 'scale', 'bias'].map(
    (part) => `${y}/wide_${part}`,
  )
  return [
    { ...node, inputs: [x, vector('ones', 1), vector('zeros', 0)], outputs: [plain!] },
    standardNode('Unsqueeze', [scale, axes], wideScale!),
    standardNode('Unsqueeze', [bias, axes], wideBias!),
    standardNode('Mul', [plain!, wideScale!], scaled!),
    standardNode('Add', [scaled!, wideBias!], y),
  ]
}
