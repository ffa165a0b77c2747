/** Finds the linear layers of every attention in a graph, in whichever way it is written. */
import type { Graph, GraphNode } from '../../../onnx/graph.js'
import {
  type GraphMakers,
  isProductOfValues,
  type LinearLayer,
  readLinearLayer,
} from './linearLayer.js'

/** One attention of an encoder. */
export interface AttentionLayers {
  /** Those that make queries, keys and values; one where they are fused. A learned query's is one too. */
  readonly projections: readonly LinearLayer[]
  /** Whether its query is a learned vector, as in SigLIP's pooling head: then it is no block. */
  readonly isPooling: boolean
  /** The product of the weights that the softmax gives with the values. */
  readonly weighted: GraphNode
  /** How many attentions lie behind it, one after the other; the same in encoders side by side. */
  readonly depth: number
}

// [Note: attention by its softmax]
// Exports write attention in many ways: scaled before or after the product, masked by Add or Where,
// heads split by Reshape, Split, Slice or Gather, queries, keys and values from one weight or from
// three, which may be parts of one stored weight. Common to all are a Softmax over a product of two
// values, and a product of its result with a third. From these three values the way back to the
// nearest weight leads through operators that move or scale numbers.

/** Operators that only move numbers: the value goes on from the first input. */
const moving = new Set(
  ['Identity', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Split', 'Slice'].concat([
    ...['Gather', 'Cast', 'Dropout', 'Expand', 'Concat', 'Tile'],
  ]),
)
/** Operators that scale, shift or mask: the value may come from any input. */
const mixing = new Set(['Add', 'Sub', 'Mul', 'Div', 'Where', 'Min', 'Max', 'Clip'])

interface Links extends GraphMakers {
  readonly readersOf: ReadonlyMap<string, readonly GraphNode[]>
  /** Values that depend on the graph's inputs by more than their shape. */
  readonly live: ReadonlySet<string>
}

/** The attentions in the order of the graph; those whose layers cannot be told are left out. */
export function findAttentions(graph: Graph): AttentionLayers[] {
  const links = linkValues(graph)
  const found = graph.nodes.flatMap((node) => {
    const attention = node.opType === 'Softmax' ? readAttention(links, node) : undefined
    return attention ?? []
  })
  const depths = countBehind(graph, new Set(found.map(({ weighted }) => weighted)))
  return found.map((attention) => ({ ...attention, depth: depths.get(attention.weighted)! }))
}

/** A linear layer and how many attentions lie behind it. */
interface PlacedLayer {
  readonly layer: LinearLayer
  readonly depth: number
}

/** All linear layers that pictures or words go through, in the order of the graph. */
export function findLinearLayers(
  graph: Graph,
  attentions: readonly AttentionLayers[],
): PlacedLayer[] {
  const links = linkValues(graph)
  const depths = countBehind(graph, new Set(attentions.map(({ weighted }) => weighted)))
  return graph.nodes.flatMap((node) => {
    const layer = readLinearLayer(links, node)
    return layer && links.live.has(node.inputs[0]!) ? [{ layer, depth: depths.get(node)! }] : []
  })
}

/**
 * How many of some nodes lie behind each node, one after the other; nothing is told of nodes that
 * depend on no input of the graph, such as a learned query.
 */
export function countBehind(
  { inputs, nodes }: Pick<Graph, 'inputs' | 'nodes'>,
  counted: ReadonlySet<GraphNode>,
): Map<GraphNode, number> {
  const known = new Map<GraphNode, number>()
  const behind = new Map<string, number>(inputs.map(({ name }) => [name, 0]))
  for (const node of nodes) {
    const counts = node.inputs.flatMap((name) => behind.get(name) ?? [])
    if (counts.length === 0) continue
    const count = Math.max(...counts)
    known.set(node, count)
    for (const name of node.outputs) behind.set(name, counted.has(node) ? count + 1 : count)
  }
  return known
}

type FoundAttention = Omit<AttentionLayers, 'depth'>

function readAttention(links: Links, softmax: GraphNode): FoundAttention | undefined {
  const scores = traceBack(links, softmax.inputs[0]!, (node) => isProductOfValues(links, node))
  const weighted = traceForward(links, softmax.outputs[0]!, (node) =>
    isProductOfValues(links, node),
  )
  if (!scores || !weighted) return undefined
  const [query, key] = scores.inputs
  const [value] = weighted.inputs.filter((name) => !comesFrom(links, name, softmax))
  const asking = findLayer(links, query)
  const answering = [key, value].map((name) => findLayer(links, name))
  const isLive = (layer: LinearLayer | undefined) => layer && links.live.has(layer.node.inputs[0]!)
  const projections = [asking, ...answering.filter(isLive)].filter((layer) => layer !== undefined)
  if (!projections.some(isLive)) return undefined
  return {
    projections: [...new Map(projections.map((layer) => [layer.node, layer])).values()],
    isPooling: !isLive(asking),
    weighted,
  }
}

/** The linear layer that a value comes from. */
function findLayer(links: Links, value: string | undefined): LinearLayer | undefined {
  if (value === undefined) return undefined
  const node = traceBack(links, value, (n) => readLinearLayer(links, n) !== undefined)
  return node && readLinearLayer(links, node)
}

function comesFrom(links: Links, value: string, softmax: GraphNode): boolean {
  return traceBack(links, value, (node) => node === softmax) !== undefined
}

/** The nearest node behind `value` that is `wanted`. */
function traceBack(
  links: Links,
  value: string,
  wanted: (node: GraphNode) => boolean,
): GraphNode | undefined {
  const seen = new Set<string>()
  const waiting = [value]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = links.makerOf.get(name)
    if (!node || seen.has(name)) continue
    seen.add(name)
    if (wanted(node)) return node
    if (moving.has(node.opType)) waiting.push(node.inputs[0]!)
    else if (mixing.has(node.opType)) waiting.push(...node.inputs.toReversed())
  }
  return undefined
}

/** The nearest node that `value` goes into and that is `wanted`. */
function traceForward(
  links: Links,
  value: string,
  wanted: (node: GraphNode) => boolean,
): GraphNode | undefined {
  const seen = new Set<string>()
  const waiting = [value]
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const node of links.readersOf.get(name) ?? []) {
      if (wanted(node)) return node
      if (moving.has(node.opType) || mixing.has(node.opType)) waiting.push(...node.outputs)
    }
  }
  return undefined
}

function linkValues(graph: Graph): Links {
  const makerOf = new Map<string, GraphNode>()
  const readersOf = new Map<string, GraphNode[]>()
  const live = new Set(graph.inputs.map(({ name }) => name))
  for (const node of graph.nodes) {
    for (const name of node.outputs) makerOf.set(name, node)
    for (const name of node.inputs) readersOf.set(name, [...(readersOf.get(name) ?? []), node])
    if (isLive(node, live)) for (const name of node.outputs) live.add(name)
  }
  return { graph, makerOf, readersOf, live }
}

/** Shapes are no content: a learned query repeated for each picture stays what it is. */
function isLive({ opType, inputs }: GraphNode, live: ReadonlySet<string>): boolean {
  if (opType === 'Shape' || opType === 'Size') return false
  return inputs.some((name) => live.has(name))
}
