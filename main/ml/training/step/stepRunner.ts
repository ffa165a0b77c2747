/** What the runs of a step's graphs share: sessions, feeds and where gradients go. */
import type { Graph } from '../../onnx/graph.js'
import { writeModel } from '../../onnx/writeModel.js'
import { openSession } from '../../runtime/openSession.js'
import type { InPlaceSession, SessionOptions, Tensors } from '../../runtime/session.js'
import type { ActivationStore } from './activationStore.js'
import type { ContrastiveBatch } from './contrastiveBatch.js'
import { feedInitializers } from './feedInitializers.js'
import { type ParameterStore, tensorsOf } from './parameterStore.js'
import type { Side, StepParts, TowerPart } from './parts.js'
import type { SessionCache } from './sessionCache.js'
import type { GradientHalves } from './splitGradient.js'

/** What running needs. */
export interface StepRunner {
  readonly parts: StepParts
  readonly store: ParameterStore
  readonly sessions: SessionCache
  readonly options: SessionOptions
  readonly activations: ActivationStore
  /** Cut gradient graphs by their input shapes; null for those that cannot be cut. */
  readonly halves: Map<string, GradientHalves | null>
}

/** Inputs under the names that the prefixed tower has for them. */
export function prefixInputs(part: TowerPart, inputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [part.prefix + name, tensor]),
  )
}

/**
 * Embeddings [rows, dim] of one set of inputs with the given weights, flat or by name.
 *
 * One session serves all shapes here, as nothing is differentiated.
 */
export async function runForward(
  runner: StepRunner,
  side: Side,
  inputs: Tensors,
  values: Float32Array | ReadonlyMap<string, Float32Array>,
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

/** What the objective is fed besides embeddings and its own parameters. */
export function groupsOf({ parts }: StepRunner, batch: ContrastiveBatch): Tensors {
  const fed: Tensors = {}
  for (const name of parts.groups) {
    const given = name === 'groups' ? batch.groups : batch.viewGroups
    const length = name === 'groups' ? rowsOf(batch, 'text') : batch.size
    const data = given ?? BigInt64Array.from({ length }, (_, i) => BigInt(i))
    fed[name] = { type: 'int64', dims: [length], data }
  }
  return fed
}

/** Rows that a side of a batch has. */
export function rowsOf({ rows, size }: ContrastiveBatch, side: Side): number {
  return rows?.[side] ?? size
}

/** The number in a scalar tensor. */
export function scalarOf(tensor: Tensors[string] | undefined): number {
  return (tensor!.data as Float32Array)[0]!
}
