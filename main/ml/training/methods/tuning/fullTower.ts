/** An encoder of which every weight is trained. */
import { AppError } from '../../../../../shared/errors.js'
import { findGradientFlow } from '../../../autodiff/activeNodes.js'
import { stopsGradient } from '../../../autodiff/rules/table.js'
import { withParameters } from '../../../clip/builder/withParameters.js'
import type { Graph, GraphNode, TensorData } from '../../../onnx/graph.js'
import { findWeightSource } from '../../../onnx/weightSource.js'
import type { TunableGraph } from '../tunableGraphs.js'
import { layerRates } from './layerRates.js'
import type { TunedTower } from './tunedTower.js'

/** @throws AppError MODEL_INVALID naming `path` if it holds no float32 weights */
export function fullTower(tunable: TunableGraph, path: string, layerDecay = 1): TunedTower {
  const { graph, output } = tunable
  const uses = findWeights(graph)
  const flow = findGradientFlow({
    nodes: graph.nodes,
    wrt: [...uses.keys()],
    outputs: [output],
    typeOf: (value) => graph.initializers.get(value)?.type,
    stops: stopsGradient,
  })
  const trainable = [...uses.keys()].filter((name) => flow.values.has(name))
  if (trainable.length === 0) {
    throw new AppError('MODEL_INVALID', { path, reason: 'it holds no float32 weights to train' })
  }
  return {
    graph,
    output,
    trainable,
    noDecay: new Set(trainable.filter((name) => uses.get(name) !== 'matrix')),
    rates: layerRates(tunable, trainable, layerDecay, path),
    blended: new Set(trainable),
    merge: (weights) => withParameters(graph, weights),
  }
}

/** Decay pulls on the matrices of products alone, not on biases, norms, positions and tables. */
type Use = 'matrix' | 'other'

/** Initializers that are weights by the place in which they, or parts of them, are used, with their use. */
function findWeights(graph: Graph): ReadonlyMap<string, Use> {
  const makerOf = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((y) => [y, node] as const)),
  )
  const uses = new Map<string, Use>()
  for (const node of graph.nodes) {
    node.inputs.forEach((input, slot) => {
      const name = findWeightSource(graph, (value) => makerOf.get(value), input)
      const use = name && useOf(node, slot, graph.initializers.get(name)!)
      if (name && use && uses.get(name) !== 'matrix') uses.set(name, use)
    })
  }
  return uses
}

const products: ReadonlySet<string> = new Set(['MatMul', 'FusedMatMul', 'Gemm', 'Conv'])
/** Norms with their scale and bias in the second and third place; what follows is no weight. */
const norms: ReadonlySet<string> = new Set(
  ['Layer', 'Group', 'Instance', 'Batch'].map((kind) => `${kind}Normalization`),
)
/** Operators of biases, positions, class tokens and tables. */
const others: ReadonlySet<string> = new Set(['Add', 'Mul', 'Gather', 'Concat', 'Expand', 'Tile'])
/** Masks are added to scores like biases, but hold numbers that no weight has. */
const largestWeight = 1e4

function useOf({ opType }: GraphNode, slot: number, tensor: TensorData): Use | undefined {
  if (tensor.type !== 'float32' || tensor.data.length < 2) return undefined
  if (products.has(opType)) return tensor.dims.length >= 2 ? 'matrix' : 'other'
  if (norms.has(opType)) return slot === 1 || slot === 2 ? 'other' : undefined
  if (!others.has(opType)) return undefined
  return tensor.data.every((value) => Math.abs(value) < largestWeight) ? 'other' : undefined
}
