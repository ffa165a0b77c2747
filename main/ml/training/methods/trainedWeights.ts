/** Takes the weights that are to be saved out of a training step. */
import type { LossSpec } from '../../../../shared/domain/losses.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { Tower } from '../../clip/builder/towerBuilder.js'
import { withParameters } from '../../clip/builder/withParameters.js'
import type { Graph } from '../../onnx/graph.js'
import { logitBiasName, logitScaleName } from '../losses/scalars.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'

/** The averaged weights of one tower, by their names in its graph; none if it was not trained. */
function averagedWeights(
  step: ContrastiveStep,
  side: 'image' | 'text',
  { trainable }: Tower,
): Map<string, Float32Array> {
  return new Map(
    trainable.flatMap((name) => {
      const values = step.emaParameters.get(`${side}/${name}`)
      return values === undefined ? [] : [[name, values] as const]
    }),
  )
}

/** A tower's graph with the averaged weights in place of the initial ones. */
export function trainedGraph(step: ContrastiveStep, side: 'image' | 'text', tower: Tower): Graph {
  return withParameters(tower.graph, averagedWeights(step, side, tower))
}

/** What a model records of how its cosines become logits. */
export interface LogitScalars {
  /** theta: logits are cosines times exp(theta). */
  readonly logitScale: number
  readonly logitBias: number | null
}

/**
 * The scalars that a loss has learned or was given; a loss of margins or dot products has none, and
 * leaves the scale that training began with.
 */
export function trainedScalars(
  parameters: ContrastiveStep['parameters'],
  loss: LossSpec,
  towers: Pick<Towers, 'logitScaleInit'>,
): LogitScalars {
  const learned = parameters.get(logitScaleName)?.[0]
  const given =
    'temperature' in loss && loss.temperature !== null ? -Math.log(loss.temperature) : null
  return {
    logitScale: learned ?? given ?? towers.logitScaleInit,
    logitBias: parameters.get(logitBiasName)?.[0] ?? null,
  }
}
