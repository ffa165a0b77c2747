/** The exponential moving average of the weights, which usually generalises better than the last. */
import type { Graph, GraphNode } from '../../onnx/graph.js'

/**
 * An optimizer's graph that also gives `next/average` = average + take (parameter' - average), of the
 * parameters it makes, with the further inputs `average` [length] and the scalar `take`. In the same run
 * they are still in the processor's cache.
 */
export function addWeightAverage(graph: Graph): Graph {
  const change = makeNode('Sub', ['next/parameter', 'average'], 'average/change')
  const taken = makeNode('Mul', ['average/change', 'take'], 'average/taken')
  const next = makeNode('Add', ['average', 'average/taken'], 'next/average')
  const array = { type: 'float32', shape: ['length'] } as const
  return {
    ...graph,
    inputs: [...graph.inputs, { ...array, name: 'average' }, { ...array, name: 'take', shape: [] }],
    outputs: [...graph.outputs, { ...array, name: 'next/average' }],
    nodes: [...graph.nodes, change, taken, next],
  }
}

function makeNode(opType: string, inputs: readonly string[], output: string): GraphNode {
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes: {} }
}

/**
 * The decay of update `update`, counted from 1: shorter at first, so that a short run's average is
 * not mostly its initial weights.
 */
export function warmedDecay(decay: number, update: number): number {
  return Math.min(decay, (1 + update) / (10 + update))
}
