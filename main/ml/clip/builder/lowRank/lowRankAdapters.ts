/** LoRA (Hu et al. 2021): trained products of two thin matrices beside frozen weights. */
import { AppError } from '../../../../../shared/errors.js'
import { standardNode } from '../../../onnx/canonical/graphEditor.js'
import type { Graph, GraphNode, TensorData } from '../../../onnx/graph.js'
import { float } from '../../../onnx/graphBuilder.js'
import { createNormalSource, fillNormal } from '../randomNormal.js'
import { findAttentions, findLinearLayers } from './attentionLayers.js'
import type { LinearLayer, StoredMatrix } from './linearLayer.js'

export interface LowRankOptions {
  readonly rank: number
  /** The change is scaled by alpha / rank. */
  readonly alpha: number
  /** Adapt so many of the last blocks, of each encoder where several stand side by side; null for all. */
  readonly blocks: number | null
  /** What makes queries, keys and values, or every linear layer of the blocks and after them. */
  readonly layers: 'attention' | 'all'
  readonly seed: number
}

/** W becomes W + scale A B, with `down` the name of A [from, rank] and `up` of B [rank, to]. */
export interface LowRankAdapter {
  readonly matrix: StoredMatrix
  readonly down: string
  readonly up: string
  readonly rank: number
  readonly scale: number
}

export interface AdaptedGraph {
  /** The graph with the adapters as nodes beside its layers, which stay as they are. */
  readonly graph: Graph
  readonly adapters: readonly LowRankAdapter[]
}

// [Note: beside the layer or on the weight]
// x W + scale (x A) B costs two thin products, and W needs no gradient of its own size. It needs to be
// the only use of W, and of the whole of it. Where a weight is used twice, as in blocks that share
// theirs, or in parts, as nn.MultiheadAttention takes queries, keys and values from one, W + scale A B
// is made first and takes the place of W everywhere: merging then is the same for both.

/**
 * Adapts linear layers. A is drawn at random and B is zero, so that at first nothing is changed
 * (section 4.1).
 *
 * @throws AppError MODEL_INVALID naming `path` if no attention is found
 */
export function addLowRankAdapters(
  graph: Graph,
  options: LowRankOptions,
  path: string,
): AdaptedGraph {
  const layers = chooseLayers(graph, options)
  if (layers.length === 0) {
    const reason = 'no attention layers are found in it; use --method full or quick'
    throw new AppError('MODEL_INVALID', { path, reason })
  }
  const normal = createNormalSource(options.seed)
  const initializers = new Map<string, TensorData>(graph.initializers)
  const uses = countUses(graph)
  const beside = new Map<GraphNode, LowRankAdapter>()
  const onWeight = new Map<string, LowRankAdapter>()
  for (const layer of layers) {
    const adapter = describeAdapter(layer, options)
    const { from, to, weight } = layer
    const { down, up, rank } = adapter
    const random = fillNormal(normal, from * rank, from ** -0.5)
    initializers.set(down, { type: 'float32', dims: [from, rank], data: random })
    initializers.set(up, { type: 'float32', dims: [rank, to], data: new Float32Array(rank * to) })
    if (layer.isWhole && uses.get(weight) === 1) beside.set(layer.node, adapter)
    else onWeight.set(weight, adapter)
  }
  const nodes = graph.nodes
    .map((node) => takeAdapted(node, onWeight))
    .flatMap((node, i) => {
      const adapter = beside.get(graph.nodes[i]!)
      return adapter ? adaptNode(node, adapter) : [node]
    })
  const adapters = [...beside.values(), ...onWeight.values()]
  return {
    graph: {
      ...graph,
      initializers,
      nodes: [...[...onWeight.values()].map(adaptWeight), ...nodes],
    },
    adapters,
  }
}

/** Of the last blocks, and of pooling heads, which come after all blocks; one for each weight. */
function chooseLayers(graph: Graph, { blocks, layers }: LowRankOptions): LinearLayer[] {
  const attentions = findAttentions(graph)
  const depths = attentions.flatMap(({ isPooling, depth }) => (isPooling ? [] : [depth]))
  const first = blocks === null ? 0 : Math.max(...depths) + 1 - blocks
  const chosen = attentions
    .filter(({ isPooling, depth }) => isPooling || depth >= first)
    .flatMap(({ projections }) => projections)
  if (layers === 'all' && attentions.length > 0) {
    // What has none of them behind it is the stem, which can then be computed once for each picture.
    const behind = findLinearLayers(graph, attentions).filter(({ depth }) => depth > first)
    chosen.push(...behind.map(({ layer }) => layer))
  }
  return [...new Map(chosen.map((layer) => [layer.weight, layer])).values()]
}

/** How often each value is read. */
function countUses({ nodes, outputs }: Graph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const names = [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function describeAdapter(matrix: StoredMatrix, { rank, alpha }: LowRankOptions): LowRankAdapter {
  const fitting = Math.min(rank, matrix.from, matrix.to)
  return {
    matrix,
    down: `lora/${matrix.weight}/a`,
    up: `lora/${matrix.weight}/b`,
    rank: fitting,
    scale: alpha / fitting,
  }
}

/** The layer under another name, and what adds the adapter's part to it. */
function adaptNode(node: GraphNode, { down, up, scale }: LowRankAdapter): GraphNode[] {
  const [x, output] = [node.inputs[0]!, node.outputs[0]!]
  const [frozen, thin, wide] = ['frozen', 'thin', 'wide'].map((part) => `lora/${output}/${part}`)
  const renamed = { ...node, outputs: [frozen!] }
  const narrow = standardNode('MatMul', [x, down], thin!)
  const alpha = { alpha: float(scale) }
  if (node.opType === 'Gemm') {
    // One product adds to what is there: no pass over memory of its own.
    return [renamed, narrow, namedApart(standardNode('Gemm', [thin!, up, frozen!], output, alpha))]
  }
  const product = standardNode('FusedMatMul', [thin!, up], wide!, alpha)
  return [
    renamed,
    narrow,
    { ...product, domain: 'com.microsoft' },
    namedApart(standardNode('Add', [frozen!, wide!], output)),
  ]
}

/** The layer may be called as its output is. */
function namedApart(node: GraphNode): GraphNode {
  return { ...node, name: `lora/${node.name}` }
}

/** W + scale A B, or its transpose, as W is stored. */
function adaptWeight({ matrix, down, up, scale }: LowRankAdapter): GraphNode {
  const { weight, transposed } = matrix
  const factors = transposed ? [up, down] : [down, up]
  const turned = transposed ? 1 : 0
  const attributes = { alpha: float(scale), transA: turned, transB: turned }
  return standardNode('Gemm', [...factors, weight], adaptedName(weight), attributes)
}

function takeAdapted(node: GraphNode, adapters: ReadonlyMap<string, LowRankAdapter>): GraphNode {
  if (!node.inputs.some((name) => adapters.has(name))) return node
  return {
    ...node,
    inputs: node.inputs.map((name) => (adapters.has(name) ? adaptedName(name) : name)),
  }
}

function adaptedName(weight: string): string {
  return `lora/${weight}/adapted`
}
