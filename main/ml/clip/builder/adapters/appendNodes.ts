/** Puts nodes between an encoder's graph and one of its outputs. */
import type { Graph, GraphNode, TensorData } from '../../../onnx/graph.js'

export interface Appender {
  /** What the output was. */
  readonly before: string
  /** Adds a float32 weight under a name like `stem`. */
  weight(
    stem: string,
    tensor: { readonly dims: readonly number[]; readonly data: Float32Array },
  ): string
  /** Adds a node with one output, and returns that output's name. */
  op(opType: string, inputs: readonly string[]): string
}

/** @param write adds nodes, and returns the value that becomes the output in place of the former one */
export function appendNodes(graph: Graph, output: string, write: (b: Appender) => string): Graph {
  const used = namesOf(graph)
  const take = (stem: string) => {
    const name = unusedName(used, stem)
    used.add(name)
    return name
  }
  const before = take(`${output}/unadapted`)
  const rename = (name: string) => (name === output ? before : name)
  const nodes: GraphNode[] = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }))
  const initializers = new Map<string, TensorData>(graph.initializers)
  const last = write({
    before,
    weight(stem, { dims, data }) {
      const name = take(`adapted/${stem}`)
      initializers.set(name, { type: 'float32', dims, data })
      return name
    },
    op(opType, inputs) {
      const name = take(`adapter/${opType}`)
      nodes.push({ name, opType, domain: '', inputs, outputs: [name], attributes: {} })
      return name
    },
  })
  const named = (name: string) => (name === last ? output : name)
  return {
    ...graph,
    initializers,
    nodes: nodes.map((node) => ({ ...node, outputs: node.outputs.map(named) })),
  }
}

/** Names that values and nodes of a graph have. */
export function namesOf(graph: Graph): Set<string> {
  return new Set([
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap((n) => [n.name, ...n.outputs]),
  ])
}

/** `stem`, with a number after it where that is used already. */
export function unusedName(used: ReadonlySet<string>, stem: string): string {
  let name = stem
  for (let i = 1; used.has(name); i++) name = `${stem}.${i}`
  return name
}
