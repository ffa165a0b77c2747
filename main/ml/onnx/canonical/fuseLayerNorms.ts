/** Recognises layer normalisation that an export spells out, and makes it one node each time. */
import { intAttribute, intsAttribute } from '../attributes.js'
import type { Graph, GraphNode } from '../graph.js'
import { float } from '../graphBuilder.js'
import type { StaticValue } from '../shapes/shapeRule.js'
import { editGraph, type GraphEditor, standardNode } from './graphEditor.js'

interface Norm {
  readonly x: string
  readonly scale: string
  readonly bias: string | undefined
  readonly epsilon: number
}

// [Note: why norms are made one node]
// onnxruntime fuses the nine nodes of a norm only while nothing else reads what is between them, and
// the nodes of a gradient do. LayerNormalization gives its mean and spread to the gradient as outputs,
// and stays one node.

/** @param shapeOf types and shapes of the values in `graph`, for some size of its inputs */
export function fuseLayerNorms(
  graph: Graph,
  shapeOf: (value: string) => StaticValue | undefined,
): Graph {
  const editor = editGraph(graph)
  const replaced = new Map<GraphNode, GraphNode>()
  for (const node of graph.nodes) {
    const norm = node.opType === 'Mul' ? matchScaled(editor, shapeOf, node) : undefined
    if (norm === undefined) continue
    const shift = findShift(editor, node)
    const last = shift?.node ?? node
    const inputs = [norm.x, norm.scale, ...(shift ? [shift.bias] : [])]
    const attributes = { axis: -1, epsilon: float(norm.epsilon) }
    replaced.set(last, standardNode('LayerNormalization', inputs, last.outputs[0]!, attributes))
  }
  return editor.finish(graph.nodes.map((node) => replaced.get(node) ?? node))
}

/** ((x - m) / sqrt(v + e)) times a stored scale, along the last axis. */
function matchScaled(
  editor: GraphEditor,
  shapeOf: (value: string) => StaticValue | undefined,
  node: GraphNode,
): Norm | undefined {
  const [a, b] = node.inputs as [string, string]
  for (const [value, scale] of [
    [a, b],
    [b, a],
  ] as const) {
    const stored = editor.constant(scale)
    if (stored?.type !== 'float32' || stored.dims.length !== 1) continue
    const found = matchNormalized(editor, shapeOf, value)
    if (found === undefined) continue
    if (shapeOf(found.x)?.shape.at(-1) !== stored.dims[0]) continue
    return { ...found, scale, bias: undefined }
  }
  return undefined
}

/** (x - m) / sqrt(v + e), or the same as a product with a reciprocal. */
function matchNormalized(
  editor: GraphEditor,
  shapeOf: (value: string) => StaticValue | undefined,
  value: string,
): Pick<Norm, 'x' | 'epsilon'> | undefined {
  const { makerOf, scalar } = editor
  const quotient = makerOf(value)
  if (quotient?.opType !== 'Div') return undefined
  const centred = makerOf(quotient.inputs[0]!)
  const root = makerOf(quotient.inputs[1]!)
  const sum = root?.opType === 'Sqrt' ? makerOf(root.inputs[0]!) : undefined
  if (centred?.opType !== 'Sub' || sum?.opType !== 'Add') return undefined
  const [left, right] = sum.inputs
  const epsilon = scalar(right) ?? scalar(left)
  const variance = makerOf((scalar(right) === undefined ? right : left)!)
  const [x, mean] = centred.inputs as [string, string]
  const rank = shapeOf(x)?.shape.length
  if (epsilon === undefined || rank === undefined || !variance) return undefined
  if (!isLastMean(editor, variance, rank) || !isLastMean(editor, makerOf(mean), rank))
    return undefined
  if (makerOf(mean)!.inputs[0] !== x) return undefined
  return isSquareOf(editor, variance.inputs[0]!, centred) ? { x, epsilon } : undefined
}

function isLastMean({ constant }: GraphEditor, node: GraphNode | undefined, rank: number): boolean {
  if (node?.opType !== 'ReduceMean' || intAttribute(node, 'keepdims', 1) !== 1) return false
  const axes =
    intsAttribute(node, 'axes') ?? Array.from(constant(node.inputs[1])?.data ?? [], Number)
  return axes.length === 1 && (axes[0] === -1 || axes[0] === rank - 1)
}

/** Whether a value is the square of x - m, which an export may compute a second time. */
function isSquareOf({ makerOf, scalar }: GraphEditor, value: string, centred: GraphNode): boolean {
  const square = makerOf(value)
  const isCentred = (name: string | undefined): boolean => {
    const node = name === undefined ? undefined : makerOf(name)
    return node?.opType === 'Sub' && node.inputs.every((input, i) => input === centred.inputs[i])
  }
  if (square?.opType === 'Pow') return scalar(square.inputs[1]) === 2 && isCentred(square.inputs[0])
  return square?.opType === 'Mul' && square.inputs.every(isCentred)
}

/** The addition of a stored bias that alone reads the scaled value. */
function findShift({ readersOf, constant, graph }: GraphEditor, scaled: GraphNode) {
  const [value] = scaled.outputs as [string]
  const [node, ...others] = readersOf(value)
  if (node?.opType !== 'Add' || others.length > 0) return undefined
  if (graph.outputs.some(({ name }) => name === value)) return undefined
  const bias = node.inputs.find((name) => name !== value)
  const size = constant(scaled.inputs.find((name) => constant(name)))?.dims[0]
  const stored = constant(bias)
  return stored?.dims.length === 1 && stored.dims[0] === size ? { node, bias: bias! } : undefined
}
