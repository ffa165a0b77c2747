/** Cuts a graph with gradients into two, so that backward need not compute again what forward has. */
import { dropDeadNodes } from '../../onnx/dropDeadNodes.js'
import type { Graph, GraphNode, ValueInfo } from '../../onnx/graph.js'
import { type InputShapes, inferShapes } from '../../onnx/inferShapes.js'

/** A value of the forward half that the backward half takes as an input; always float32. */
export interface KeptValue {
  readonly name: string
  readonly dims: readonly number[]
}

export interface GradientHalves {
  /** Gives the differentiated output and the kept values. */
  readonly forward: Graph
  /** Takes the kept values beside the inputs; gives the gradients. */
  readonly backward: Graph
  readonly kept: readonly KeptValue[]
}

export interface SplitGradientOptions {
  /** How many of the graph's first nodes are the forward ones. */
  readonly forwardNodes: number
  /** The differentiated output; all others are gradients. */
  readonly output: string
  readonly inputShapes: InputShapes
}

/**
 * Operators whose results are cheaper to compute again than to write and read: one pass over memory
 * at most. What such a node makes of kept values is not kept.
 */
// biome-ignore format: a list of names
const cheap: ReadonlySet<string> = new Set([
  'Add', 'Sub', 'Mul', 'Div', 'Neg', 'Relu', 'Sigmoid', 'Cast', 'Not', 'And', 'Or', 'Where',
  'Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual', 'Identity', 'Reshape', 'Flatten',
  'Squeeze', 'Unsqueeze', 'Transpose', 'Slice', 'Concat', 'Split', 'Expand', 'Gather', 'Shape',
  'ArgMax', 'OneHot', 'Range', 'ConstantOfShape',
])

/** Null where a value would have to be kept that holds no float32 numbers. */
export function splitGradient(
  graph: Graph,
  { forwardNodes, output, inputShapes }: SplitGradientOptions,
): GradientHalves | null {
  const first = graph.nodes.slice(0, forwardNodes)
  const kept = chooseKept(first, graph.nodes.slice(forwardNodes))
  const facts = inferShapes(graph, inputShapes)
  const infos = kept.map((name) => ({ name, ...facts.get(name)! }))
  if (infos.some(({ type }) => type !== 'float32')) return null
  const declared = infos.map(({ name, shape }): ValueInfo => ({ name, type: 'float32', shape }))
  const outputs = graph.outputs.filter(({ name }) => name === output && !kept.includes(name))
  const gradients = graph.outputs.filter(({ name }) => name !== output)
  return {
    forward: withNeededInputs(
      dropDeadNodes({ ...graph, nodes: first, outputs: [...outputs, ...declared] }, [
        output,
        ...kept,
      ]),
    ),
    backward: withNeededInputs(
      dropDeadNodes(
        {
          ...graph,
          nodes: withoutMakers(graph.nodes, kept),
          inputs: [...graph.inputs, ...declared],
        },
        gradients.map(({ name }) => name),
      ),
    ),
    kept: infos.map(({ name, shape }) => ({ name, dims: shape })),
  }
}

/** What crosses from the first nodes to the rest, less what is cheaply made of the other values. */
function chooseKept(first: readonly GraphNode[], rest: readonly GraphNode[]) {
  const makerOf = new Map(
    first.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  )
  const crossing = rest.flatMap(({ inputs }) => inputs).filter((name) => makerOf.has(name))
  const kept = new Set(crossing)
  for (const { outputs } of first.toReversed()) {
    for (const name of outputs) {
      if (kept.delete(name) && !isCheaplyMade(name, makerOf, kept)) kept.add(name)
    }
  }
  return first.flatMap(({ outputs }) => outputs).filter((name) => kept.has(name))
}

/** Whether cheap operators make a value of kept ones, inputs and weights. */
function isCheaplyMade(
  name: string,
  makerOf: ReadonlyMap<string, GraphNode>,
  kept: ReadonlySet<string>,
): boolean {
  const known = new Map<string, boolean>()
  const isAtHand = (value: string): boolean => {
    const maker = makerOf.get(value)
    if (maker === undefined || kept.has(value)) return true
    const answer = known.get(value) ?? (cheap.has(maker.opType) && maker.inputs.every(isAtHand))
    known.set(value, answer)
    return answer
  }
  return isAtHand(name)
}

/** The nodes without those that make nothing but kept values; of others, kept values are renamed. */
function withoutMakers(nodes: readonly GraphNode[], kept: readonly string[]): GraphNode[] {
  const given = new Set(kept)
  return nodes.flatMap((node) => {
    const makes = node.outputs.filter((name) => name !== '')
    if (makes.every((name) => given.has(name))) return []
    const outputs = node.outputs.map((name) => (given.has(name) ? `again/${name}` : name))
    return [{ ...node, outputs }]
  })
}

function withNeededInputs(graph: Graph): Graph {
  const needed = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  return { ...graph, inputs: graph.inputs.filter(({ name }) => needed.has(name)) }
}
