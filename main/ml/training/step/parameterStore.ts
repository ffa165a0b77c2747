/** Everything a step changes: weights, gradients, optimizer state and weight average. */

import type { Towers } from '../../clip/builder/buildTowers.js'
import type { TensorData } from '../../onnx/graph.js'
import type { Tensors } from '../../runtime/session.js'
import { type Loss, logitScale } from '../losses/loss.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import {
  fillParameters,
  layOutParameters,
  type ParameterEntry,
  type ParameterLayout,
  viewParameters,
} from './parameterBuffer.js'
import { sides } from './parts.js'

export interface ParameterStore {
  readonly layout: ParameterLayout
  readonly values: Float32Array
  readonly gradients: Float32Array
  /** The optimizer's arrays by name. */
  readonly state: Readonly<Record<string, Float32Array>>
  readonly average: Float32Array | null
  /** The number of updates made so far, in its only element, so that it is saved like the rest. */
  readonly updates: Float32Array
}

export function createParameterStore(
  towers: Towers,
  loss: Loss,
  optimizer: Optimizer,
  emaDecay: number,
): ParameterStore {
  const entries = [...listTowerParameters(towers), ...listLossParameters(towers, loss)]
  const layout = layOutParameters(entries)
  const values = fillParameters(layout, entries)
  const state = optimizer.state.map((name) => [name, new Float32Array(layout.length)] as const)
  return {
    layout,
    values,
    gradients: new Float32Array(layout.length),
    state: Object.fromEntries(state),
    average: emaDecay > 0 ? values.slice() : null,
    updates: new Float32Array(1),
  }
}

/** The named parts of a flat array as tensors over its memory; `prefix` goes before the names. */
export function tensorsOf(
  { places }: ParameterLayout,
  values: Float32Array,
  names: Iterable<string>,
  prefix = '',
): Tensors {
  const tensors: Tensors = {}
  for (const name of names) {
    const { offset, length, dims } = places.get(name)!
    tensors[prefix + name] = {
      type: 'float32',
      dims,
      data: values.subarray(offset, offset + length),
    }
  }
  return tensors
}

/** Puts the loss's own parameters back into their ranges. */
export function clampLossParameters({ layout, values }: ParameterStore, loss: Loss): void {
  for (const { name, min, max } of loss.parameters) {
    const { offset } = layout.places.get(name)!
    values[offset] = Math.min(max, Math.max(min, values[offset]!))
  }
}

/** Live views of `values` by parameter name. */
export function viewsOf(store: ParameterStore, values: Float32Array): Map<string, Float32Array> {
  return viewParameters(store.layout, values)
}

function listTowerParameters(towers: Towers): ParameterEntry[] {
  return sides.flatMap((side) => {
    const { graph, trainable, noDecay } = towers[side]
    return trainable.map((name) => {
      const { dims, data } = floatsOf(graph.initializers.get(name), name)
      return { name: `${side}/${name}`, dims, initial: data, decayed: !noDecay.has(name) }
    })
  })
}

function listLossParameters(towers: Towers, loss: Loss): ParameterEntry[] {
  return loss.parameters.map(({ name, initial }) => {
    const start = name === logitScale.name ? towers.logitScaleInit : initial
    return { name, dims: [], initial: Float32Array.of(start), decayed: false }
  })
}

function floatsOf(tensor: TensorData | undefined, name: string) {
  if (tensor?.type !== 'float32') throw new Error(`${name} is not a float32 weight`)
  return tensor
}
