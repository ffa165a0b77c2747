/** Takes the weights that are to be saved out of a training step. */
import type { Tower } from '../../clip/builder/towerBuilder.js'
import { withParameters } from '../../clip/builder/withParameters.js'
import type { Graph } from '../../onnx/graph.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'

/** The averaged weights of one tower, by their names in its graph. */
function averagedWeights(
  step: ContrastiveStep,
  side: 'image' | 'text',
  { trainable }: Tower,
): Map<string, Float32Array> {
  return new Map(trainable.map((name) => [name, step.emaParameters.get(`${side}/${name}`)!]))
}

/** A tower's graph with the averaged weights in place of the initial ones. */
export function trainedGraph(step: ContrastiveStep, side: 'image' | 'text', tower: Tower): Graph {
  return withParameters(tower.graph, averagedWeights(step, side, tower))
}

/** theta: logits are cosines times exp(theta). */
export function trainedLogitScale(step: ContrastiveStep): number {
  return step.emaParameters.get('logit_scale')![0]!
}
