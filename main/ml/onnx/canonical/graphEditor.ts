/** What a rewriting pass needs to look around in a graph and to put new nodes in. */
import type { Graph, GraphNode, TensorData } from '../graph.js'
import { type AttributeInput, toAttributes } from '../graphBuilder.js'

/** A graph being rewritten: nodes are made for it, and initializers added to it. */
export interface GraphEditor {
  readonly graph: Graph
  /** The node that computes a value; undefined for inputs and initializers. */
  readonly makerOf: (value: string) => GraphNode | undefined
  readonly readersOf: (value: string) => readonly GraphNode[]
  readonly constant: (value: string | undefined) => TensorData | undefined
  /** The number behind a constant with one element. */
  readonly scalar: (value: string | undefined) => number | undefined
  /** The name of a new initializer; `stem` unless that is taken. */
  readonly addInitializer: (stem: string, tensor: TensorData) => string
  /** As `addInitializer`, for a list of integers. */
  readonly addInts: (stem: string, values: readonly number[]) => string
  /** The graph with other nodes, and with the added initializers. */
  readonly finish: (nodes: readonly GraphNode[]) => Graph
}

export function editGraph(graph: Graph): GraphEditor {
  const makers = new Map<string, GraphNode>()
  const readers = new Map<string, GraphNode[]>()
  const used = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)])
  for (const node of graph.nodes) {
    for (const name of node.outputs) makers.set(name, node)
    for (const name of new Set(node.inputs)) readers.set(name, [...(readers.get(name) ?? []), node])
    for (const name of node.outputs) used.add(name)
  }
  const added = new Map<string, TensorData>()
  const constant = (value: string | undefined) =>
    value === undefined ? undefined : graph.initializers.get(value)
  const addInitializer: GraphEditor['addInitializer'] = (stem, tensor) => {
    let name = stem
    for (let i = 1; used.has(name); i++) name = `${stem}.${i}`
    used.add(name)
    added.set(name, tensor)
    return name
  }
  return {
    graph,
    makerOf: (value) => makers.get(value),
    readersOf: (value) => readers.get(value) ?? [],
    constant,
    scalar(value) {
      const tensor = constant(value)
      return tensor?.data.length === 1 && tensor.type !== 'float16'
        ? Number(tensor.data[0])
        : undefined
    },
    addInitializer,
    addInts: (stem, values) =>
      addInitializer(stem, {
        type: 'int64',
        dims: [values.length],
        data: BigInt64Array.from(values.map(BigInt)),
      }),
    finish: (nodes) =>
      added.size === 0 && nodes.every((node, i) => node === graph.nodes[i])
        ? graph
        : { ...graph, nodes, initializers: new Map([...graph.initializers, ...added]) },
  }
}

/** A node of the standard operator set with one output, named after it. */
export function standardNode(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
): GraphNode {
  return {
    name: output,
    opType,
    domain: '',
    inputs,
    outputs: [output],
    attributes: toAttributes(attributes),
  }
}
