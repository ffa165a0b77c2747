/** The three graphs of a step, made ready to be run apart or joined into one. */

import type { Towers } from '../../clip/builder/buildTowers.js'
import type { Graph } from '../../onnx/graph.js'
import type { LossStart } from '../losses/loss.js'
import type { Objective } from '../objectives/objective.js'
import { prefixGraph, renameValues } from './prefixGraph.js'

export type Side = 'image' | 'text'
export const sides: readonly Side[] = ['image', 'text']

/** A tower under its side's prefix, such as `image/`: weights, inputs and all. */
export interface TowerPart {
  readonly prefix: string
  /** With the embeddings as the only output. */
  readonly graph: Graph
  readonly trainable: readonly string[]
  /** Name of the embeddings. */
  readonly output: string
}

export interface StepParts {
  /** The sides that are trained; the other tower is left out of everything. */
  readonly sides: readonly Side[]
  readonly image: TowerPart
  readonly text: TowerPart
  /** Takes the towers' outputs by their names there. */
  readonly loss: Graph
  readonly lossParameters: readonly string[]
  readonly groups: Objective['groups']
}

/** Prefixes the towers and connects the objective to them by name. */
export function prepareParts(towers: Towers, objective: Objective): StepParts {
  const used = usedSides(objective)
  const [image, text] = [preparePart(towers, 'image', used), preparePart(towers, 'text', used)]
  const outputs: Record<string, string> = { image_embeds: image.output, text_embeds: text.output }
  const lossParameters = objective.parameters.map(({ name }) => name)
  const own = new Set([...lossParameters, ...objective.groups, 'loss'])
  const graph = renameValues(objective.build(startOf(towers)), (name) =>
    name === '' || own.has(name) ? name : (outputs[name] ?? `loss/${name}`),
  )
  return { sides: used, image, text, loss: graph, lossParameters, groups: objective.groups }
}

/** The sides that an objective reads, and so those that learn from it. */
export function usedSides({ readsTexts }: Objective): readonly Side[] {
  return readsTexts ? sides : ['image']
}

/** What losses start from with these towers. */
export function startOf({ image, logitScaleInit, logitBiasInit }: Towers): LossStart {
  const { name, shape } = image.graph.outputs.find((output) => output.name === image.output)!
  const embeddingDim = shape.at(-1)
  if (typeof embeddingDim !== 'number') throw new Error(`${name} has no fixed width`)
  return { embeddingDim, logitScale: logitScaleInit, logitBias: logitBiasInit ?? null }
}

function preparePart(towers: Towers, side: Side, used: readonly Side[]): TowerPart {
  const [tower, prefix] = [towers[side], `${side}/`]
  const graph = prefixGraph(tower.graph, prefix)
  const output = prefix + tower.output
  return {
    prefix,
    graph: { ...graph, outputs: graph.outputs.filter((o) => o.name === output) },
    trainable: used.includes(side) ? tower.trainable.map((name) => prefix + name) : [],
    output,
  }
}

/** The towers and the loss as one graph with the output `loss`. */
export function joinParts({ loss, ...parts }: StepParts): Graph {
  const towers = parts.sides.map((side) => parts[side])
  const graphs = [...towers.map(({ graph }) => graph), loss]
  const embeddings = new Set(towers.map(({ output }) => output))
  return {
    name: 'contrastive_step',
    opset: loss.opset,
    inputs: graphs.flatMap((g) => g.inputs).filter((input) => !embeddings.has(input.name)),
    outputs: loss.outputs,
    initializers: new Map(graphs.flatMap((g) => [...g.initializers])),
    nodes: graphs.flatMap((g) => g.nodes),
  }
}
