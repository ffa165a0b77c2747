/** Everything a step changes: weights, gradients, optimizer state and weight average. */

import type { Towers } from '../../clip/builder/buildTowers.js'
import type { TensorData } from '../../onnx/graph.js'
import type { Tensors } from '../../runtime/session.js'
import type { Objective } from '../objectives/objective.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import {
  fillParameters,
  layOutParameters,
  type ParameterEntry,
  type ParameterLayout,
  viewParameters,
} from './parameterBuffer.js'
import { type Side, startOf, usedSides } from './parts.js'

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
  objective: Objective,
  optimizer: Optimizer,
  emaDecay: number,
): ParameterStore {
  const entries = [
    ...listTowerParameters(towers, usedSides(objective)),
    ...listLossParameters(towers, objective),
  ]
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

/**
 * The named parts of a flat array as tensors over its memory, or of arrays that have these names;
 * `prefix` goes before the names.
 */
export function tensorsOf(
  { places }: ParameterLayout,
  values: Float32Array | ReadonlyMap<string, Float32Array>,
  names: Iterable<string>,
  prefix = '',
): Tensors {
  const tensors: Tensors = {}
  for (const name of names) {
    const { offset, length, dims } = places.get(name)!
    tensors[prefix + name] = {
      type: 'float32',
      dims,
      data:
        values instanceof Float32Array
          ? values.subarray(offset, offset + length)
          : values.get(name)!,
    }
  }
  return tensors
}

/** Puts the scalars that losses learn back into their ranges. */
export function clampLossParameters(
  { layout, values }: ParameterStore,
  { parameters }: Objective,
): void {
  for (const { name, range } of parameters) {
    if (range === null) continue
    const { offset } = layout.places.get(name)!
    values[offset] = Math.min(range.max, Math.max(range.min, values[offset]!))
  }
}

/** Live views of `values` by parameter name. */
export function viewsOf(store: ParameterStore, values: Float32Array): Map<string, Float32Array> {
  return viewParameters(store.layout, values)
}

function listTowerParameters(towers: Towers, used: readonly Side[]): ParameterEntry[] {
  return used.flatMap((side) => {
    const { graph, trainable, noDecay, rates } = towers[side]
    return trainable.map((name) => {
      const { dims, data } = floatsOf(graph.initializers.get(name), name)
      const rate = rates?.get(name) ?? 1
      return { name: `${side}/${name}`, dims, initial: data, decayed: !noDecay.has(name), rate }
    })
  })
}

function listLossParameters(towers: Towers, { parameters }: Objective): ParameterEntry[] {
  const start = startOf(towers)
  return parameters.map(({ name, initial, decayed }) => {
    const { dims, data } = initial(start)
    return { name, dims, initial: data, decayed, rate: 1 }
  })
}

function floatsOf(tensor: TensorData | undefined, name: string) {
  if (tensor?.type !== 'float32') throw new Error(`${name} is not a float32 weight`)
  return tensor
}
