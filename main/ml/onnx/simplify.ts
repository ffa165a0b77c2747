/** Specialises a graph to fixed input shapes and removes what is then known or needless. */
import { dropDeadNodes } from './dropDeadNodes.js'
import type { Graph, GraphNode } from './graph.js'
import { type InputShapes, inferValues } from './inferShapes.js'
import { removeIdentities } from './removeIdentities.js'
import type { KnownValue } from './shapes/shapeRule.js'

export interface SimplifyOptions {
  /** Fixed shapes of inputs; needed for those with named dimensions. */
  readonly inputShapes?: InputShapes
  /** Values that stay under their names and count as variable, such as weights being trained. */
  readonly keep?: readonly string[]
}

/**
 * The graph for these input shapes: inputs and outputs declared with fixed shapes, shape arithmetic
 * and other small constants computed, identities and dead nodes removed. Outputs stay the same.
 *
 * @throws AppError as `inferShapes`
 */
export function simplify(graph: Graph, options: SimplifyOptions = {}): Graph {
  const keep = new Set(options.keep)
  const values = inferValues(graph, options.inputShapes, keep)
  const specialised = specialise(graph, values)
  const folded = foldConstants(specialised, values, keep)
  const slim = removeIdentities(folded, values, keep)
  return dropDeadNodes(
    slim,
    graph.outputs.map(({ name }) => name),
    keep,
  )
}

function specialise(graph: Graph, values: ReadonlyMap<string, KnownValue>): Graph {
  const fix = ({ name }: { readonly name: string }) => {
    const { type, shape } = values.get(name)!
    return { name, type, shape }
  }
  return { ...graph, inputs: graph.inputs.map(fix), outputs: graph.outputs.map(fix) }
}

/** Makes initializers of the values that are constant; outputs of the graph stay computed. */
function foldConstants(
  graph: Graph,
  values: ReadonlyMap<string, KnownValue>,
  keep: ReadonlySet<string>,
): Graph {
  const fixed = new Set([...keep, ...graph.outputs.map(({ name }) => name)])
  const initializers = new Map(graph.initializers)
  const nodes: GraphNode[] = []
  for (const node of graph.nodes) {
    const outputs = node.outputs.filter((name) => name !== '')
    const tensors = outputs.map((name) => (fixed.has(name) ? undefined : values.get(name)?.tensor))
    if (tensors.includes(undefined)) {
      nodes.push(node)
      continue
    }
    outputs.forEach((name, index) => {
      initializers.set(name, tensors[index]!)
    })
  }
  return { ...graph, initializers, nodes }
}
