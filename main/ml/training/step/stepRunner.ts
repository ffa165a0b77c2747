/** What the runs of a step's graphs share: sessions, feeds and where gradients go. */
import type { Graph } from '../../onnx/graph.js'
import { writeModel } from '../../onnx/writeModel.js'
import { openSession } from '../../runtime/openSession.js'
import type { InPlaceSession, SessionOptions, Tensors } from '../../runtime/session.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { feedInitializers } from './feedInitializers.js'
import { type ParameterStore, tensorsOf } from './parameterStore.js'
import type { Side, StepParts, TowerPart } from './parts.js'
import type { SessionCache } from './sessionCache.js'

/** What running needs. */
export interface StepRunner {
  readonly parts: StepParts
  readonly store: ParameterStore
  readonly sessions: SessionCache
  readonly options: SessionOptions
  readonly usesGroups: boolean
}

/** Inputs under the names that the prefixed tower has for them. */
export function prefixInputs(part: TowerPart, inputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [part.prefix + name, tensor]),
  )
}

/**
 * Embeddings [rows, dim] of one set of inputs with the given flat weights.
 *
 * One session serves all shapes here, as nothing is differentiated.
 */
export async function runForward(
  runner: StepRunner,
  side: Side,
  inputs: Tensors,
  values: Float32Array,
): Promise<Tensors[string]> {
  const part = runner.parts[side]
  const session = await sessionFor(runner, `forward ${side}`, () =>
    feedInitializers(part.graph, part.trainable),
  )
  const weights = tensorsOf(runner.store.layout, values, part.trainable)
  const outputs = await session.run(pick(session, { ...inputs, ...weights }))
  return outputs[part.output]!
}

/** The session of the graph known as `key`, which `build` makes where it is not open yet. */
export async function sessionFor(
  { sessions, options }: StepRunner,
  key: string,
  build: () => Graph,
): Promise<InPlaceSession> {
  return sessions.get(key, () => openSession(writeModel(build()), options))
}

/** The feeds that the session takes: a graph need not use every input, such as a text's mask. */
export function pick(session: InPlaceSession, feeds: Tensors): Tensors {
  return Object.fromEntries(Object.entries(feeds).filter(([n]) => session.inputNames.includes(n)))
}

/** Where the gradients of the named parameters are written. */
export function gradientTargets(store: ParameterStore, names: Iterable<string>): Tensors {
  return tensorsOf(store.layout, store.gradients, names, 'gradient/')
}

/** What the loss is fed besides embeddings and its own parameters. */
export function groupsOf({ usesGroups }: StepRunner, { size, groups }: ContrastiveBatch): Tensors {
  if (!usesGroups) return {}
  const data = groups ?? BigInt64Array.from({ length: size }, (_, i) => BigInt(i))
  return { groups: { type: 'int64', dims: [size], data } }
}

/** The number in a scalar tensor. */
export function scalarOf(tensor: Tensors[string] | undefined): number {
  return (tensor!.data as Float32Array)[0]!
}
