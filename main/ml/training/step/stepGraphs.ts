/** The graphs that a step runs, from its parts and the shapes of what is fed. */
import { buildGradient } from '../../autodiff/buildGradient.js'
import type { Graph } from '../../onnx/graph.js'
import { simplify } from '../../onnx/simplify.js'
import type { Tensors } from '../../runtime/session.js'
import { accumulateGradients } from './accumulateGradients.js'
import { joinParts, type StepParts, type TowerPart } from './parts.js'

/** Shapes by input name. */
export type Shapes = Readonly<Record<string, readonly number[]>>

/** Output name of a gradient. */
export const gradientName = (name: string) => `gradient/${name}`

export function shapesOf(feeds: Tensors): Shapes {
  return Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]))
}

/** Both towers, the loss and all gradients in one run: nothing is computed twice. */
export function buildJointGraph(parts: StepParts, inputShapes: Shapes): Graph {
  const wrt = [...parts.image.trainable, ...parts.text.trainable, ...parts.lossParameters]
  const graph = simplify(joinParts(parts), { inputShapes, keep: wrt })
  return buildGradient(graph, { wrt, outputs: ['loss'], inputShapes, cotangents: 'ones' })
}

/** The loss with its gradients by the embeddings and its own parameters. */
export function buildLossGraph(parts: StepParts, inputShapes: Shapes): Graph {
  const wrt = [parts.image.output, parts.text.output, ...parts.lossParameters]
  const graph = simplify(parts.loss, { inputShapes, keep: wrt })
  return buildGradient(graph, { wrt, outputs: ['loss'], inputShapes, cotangents: 'ones' })
}

/** A tower's gradients by its weights, given those by its embeddings, added to those before. */
export function buildBackwardGraph(part: TowerPart, inputShapes: Shapes): Graph {
  const graph = simplify(part.graph, { inputShapes, keep: part.trainable })
  const outputs = [part.output]
  const options = { wrt: part.trainable, outputs, inputShapes, cotangents: 'feed' } as const
  const gradient = buildGradient(graph, options)
  const gradients = gradient.outputs.filter((output) => output.name !== part.output)
  return accumulateGradients({ ...gradient, outputs: gradients })
}
