/** The graphs that a step runs, from its parts and the shapes of what is fed. */
import { buildGradient } from '../../autodiff/buildGradient.js'
import type { Graph } from '../../onnx/graph.js'
import { simplify } from '../../onnx/simplify.js'
import type { Tensors } from '../../runtime/session.js'
import { accumulateGradients } from './accumulateGradients.js'
import { joinParts, type StepParts, type TowerPart } from './parts.js'
import { type GradientHalves, splitGradient } from './splitGradient.js'

/** Shapes by input name. */
export type Shapes = Readonly<Record<string, readonly number[]>>

/** Output name of a gradient. */
export const gradientName = (name: string) => `gradient/${name}`

export function shapesOf(feeds: Tensors): Shapes {
  return Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]))
}

/** Both towers, the loss and all gradients in one run: nothing is computed twice. */
export function buildJointGraph(parts: StepParts, inputShapes: Shapes): Graph {
  const weights = parts.sides.flatMap((side) => parts[side].trainable)
  const wrt = [...weights, ...parts.lossParameters]
  const graph = simplify(joinParts(parts), { inputShapes, keep: wrt })
  return buildGradient(graph, { wrt, outputs: ['loss'], inputShapes, cotangents: 'ones' })
}

/** The loss with its gradients by the embeddings and its own parameters. */
export function buildLossGraph(parts: StepParts, inputShapes: Shapes): Graph {
  const wrt = [...parts.sides.map((side) => parts[side].output), ...parts.lossParameters]
  const graph = simplify(parts.loss, { inputShapes, keep: wrt })
  return buildGradient(graph, { wrt, outputs: ['loss'], inputShapes, cotangents: 'ones' })
}

/** A tower's gradients by its weights, given those by its embeddings, added to those before. */
export function buildBackwardGraph(part: TowerPart, inputShapes: Shapes): Graph {
  const { gradient } = differentiateTower(part, inputShapes)
  const gradients = gradient.outputs.filter((output) => output.name !== part.output)
  return accumulateGradients({ ...gradient, outputs: gradients })
}

/** The same in two runs, with the embeddings after the first; null where it cannot be cut. */
export function buildHalves(part: TowerPart, inputShapes: Shapes): GradientHalves | null {
  const { gradient, forwardNodes } = differentiateTower(part, inputShapes)
  const options = { forwardNodes, output: part.output, inputShapes }
  const halves = splitGradient(gradient, options)
  return halves && { ...halves, backward: accumulateGradients(halves.backward) }
}

function differentiateTower(part: TowerPart, inputShapes: Shapes) {
  const graph = simplify(part.graph, { inputShapes, keep: part.trainable })
  const outputs = [part.output]
  const options = { wrt: part.trainable, outputs, inputShapes, cotangents: 'feed' } as const
  return { gradient: buildGradient(graph, options), forwardNodes: graph.nodes.length }
}
