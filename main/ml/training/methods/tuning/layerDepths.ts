/** Tells in which layer of an encoder each of its weights lies. */
import { stopsGradient } from '../../../autodiff/rules/table.js'
import { countBehind, findAttentions } from '../../../clip/builder/lowRank/attentionLayers.js'
import type { Graph, GraphNode } from '../../../onnx/graph.js'
import { arranges } from '../../../onnx/weightSource.js'

// [Note: layers by what can be gone around]
// Exports name their weights as they like, so layers are read off the graph. A block's residual
// connections lead around its attention and around its MLP, and nothing leads around the stem and the
// head. What lies before an attention and cannot reach the embeddings but through it (its norm, its
// queries, keys and values) belongs to it, as does all after it (its output, the MLP) up to the next.
// What lies after the last attention and cannot be gone around is the head. Encoders that stand side by
// side, as the starter's members do, lead around each other: attentions of one depth are one, and what
// goes around a node of one of them must come from what leads to it alone.

/**
 * 0 for the stem, 1 to n for the blocks, and n + 1 for the head, by the weight's name. One that several
 * layers use has the first of them.
 *
 * @returns null where the encoder has no attention, and so no blocks to tell apart
 */
export function findLayerDepths(
  graph: Graph,
  output: string,
  weights: readonly string[],
): ReadonlyMap<string, number> | null {
  const nodes = graph.nodes.filter((node) => !stopsGradient(node))
  const attentions = findAttentions(graph).map(({ weighted }) => weighted)
  if (attentions.length === 0) return null
  const makerOf = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])))
  const passed = countPassed(graph, nodes, attentions)
  const layers = 1 + Math.max(...attentions.map((attention) => passed.get(attention)!))
  const around = Array.from({ length: layers }, (_, depth) => {
    const closed = attentions.filter((attention) => passed.get(attention) === depth)
    return reachable(output, makerOf, new Set(closed))
  })
  const last = attentions
    .filter((attention) => passed.get(attention) === layers - 1)
    .map((attention) => ({
      attention,
      behind: reachable(attention.outputs[0]!, makerOf, new Set()),
    }))
  const starts = nodes.filter(
    (node) => passed.get(node) === 0 && around[0]!.has(node) && usesWeight(graph, node),
  )
  const depthOf = (node: GraphNode): number => {
    const before = passed.get(node)!
    if (before < layers) return around[before]!.has(node) ? before : before + 1
    const others = reachable(output, makerOf, new Set([node]))
    const behind = reachable(node.outputs[0]!, makerOf, new Set())
    const isOfSome = last.some(({ attention }) => !behind.has(attention))
    const isCommon = (start: GraphNode) => last.every((one) => one.behind.has(start))
    const goesAround = (start: GraphNode) =>
      behind.has(start) && others.has(start) && !(isOfSome && isCommon(start))
    return starts.some(goesAround) ? before : before + 1
  }
  return depthsByWeight(nodes, new Set(weights), depthOf)
}

/** A part of a weight, or another view of it, lies where it is used. */
function depthsByWeight(
  nodes: readonly GraphNode[],
  weights: ReadonlySet<string>,
  depthOf: (node: GraphNode) => number,
): ReadonlyMap<string, number> {
  const depths = new Map<string, number>()
  const sources = new Map([...weights].map((name) => [name, name]))
  for (const node of nodes) {
    const [first] = node.inputs.map((name) => sources.get(name))
    if (first !== undefined && arranges(node)) {
      for (const name of node.outputs) sources.set(name, first)
      continue
    }
    for (const input of node.inputs) {
      const name = sources.get(input)
      if (name === undefined) continue
      depths.set(name, Math.min(depths.get(name) ?? Number.POSITIVE_INFINITY, depthOf(node)))
    }
  }
  return depths
}

type Makers = ReadonlyMap<string, GraphNode>

/**
 * How many attentions lie behind each node, one after the other. What depends on no input, such as a
 * learned query, has as many as what it goes into.
 */
function countPassed(
  { inputs }: Graph,
  nodes: readonly GraphNode[],
  attentions: readonly GraphNode[],
): ReadonlyMap<GraphNode, number> {
  const passed = countBehind({ inputs, nodes }, new Set(attentions))
  const ahead = new Map<string, number>()
  for (const node of nodes.toReversed()) {
    const counts = node.outputs.flatMap((name) => ahead.get(name) ?? [])
    const count = passed.get(node) ?? Math.min(attentions.length, ...counts)
    passed.set(node, count)
    for (const name of node.inputs) {
      ahead.set(name, Math.min(ahead.get(name) ?? attentions.length, count))
    }
  }
  return passed
}

/** The nodes from which a way leads to `output` that does not go through `closed`. */
function reachable(
  output: string,
  makerOf: Makers,
  closed: ReadonlySet<GraphNode>,
): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>()
  const waiting = [output]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = makerOf.get(name)
    if (node === undefined || closed.has(node) || found.has(node)) continue
    found.add(node)
    waiting.push(...node.inputs)
  }
  return found
}

function usesWeight({ initializers }: Graph, { inputs }: GraphNode): boolean {
  return inputs.some((name) => initializers.get(name)?.type === 'float32')
}
