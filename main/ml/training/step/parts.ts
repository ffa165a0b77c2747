/** The three graphs of a step, made ready to be run apart or joined into one. */

import type { Towers } from '../../clip/builder/buildTowers.js'
import type { Tower } from '../../clip/builder/towerBuilder.js'
import type { Graph } from '../../onnx/graph.js'
import type { Loss } from '../losses/loss.js'
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
  readonly image: TowerPart
  readonly text: TowerPart
  /** Takes the towers' outputs by their names there. */
  readonly loss: Graph
  readonly lossParameters: readonly string[]
}

/** Prefixes the towers and connects the loss to them by name. */
export function prepareParts(towers: Towers, loss: Loss): StepParts {
  const image = preparePart(towers.image, 'image/')
  const text = preparePart(towers.text, 'text/')
  const outputs: Record<string, string> = { image_embeds: image.output, text_embeds: text.output }
  const own = new Set([...loss.parameters.map((p) => p.name), 'groups', 'loss'])
  const graph = renameValues(loss.build(), (name) =>
    name === '' || own.has(name) ? name : (outputs[name] ?? `loss/${name}`),
  )
  return { image, text, loss: graph, lossParameters: loss.parameters.map((p) => p.name) }
}

function preparePart(tower: Tower, prefix: string): TowerPart {
  const graph = prefixGraph(tower.graph, prefix)
  const output = prefix + tower.output
  return {
    prefix,
    graph: { ...graph, outputs: graph.outputs.filter((o) => o.name === output) },
    trainable: tower.trainable.map((name) => prefix + name),
    output,
  }
}

/** Both towers and the loss as one graph with the output `loss`. */
export function joinParts({ image, text, loss }: StepParts): Graph {
  const graphs = [image.graph, text.graph, loss]
  const embeddings = new Set([image.output, text.output])
  return {
    name: 'contrastive_step',
    opset: loss.opset,
    inputs: graphs.flatMap((g) => g.inputs).filter((input) => !embeddings.has(input.name)),
    outputs: loss.outputs,
    initializers: new Map(graphs.flatMap((g) => [...g.initializers])),
    nodes: graphs.flatMap((g) => g.nodes),
  }
}
