/** Applies an optimizer and the weight average to the flat parameters, in place. */

import { writeModel } from '../../onnx/writeModel.js'
import { openSession } from '../../runtime/openSession.js'
import type { InPlaceSession, SessionOptions, Tensors } from '../../runtime/session.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { addWeightAverage, warmedDecay } from '../optimizers/weightAverage.js'
import type { ParameterRange } from './parameterBuffer.js'

/** The flat arrays that an update reads and writes, all of one length. */
export interface UpdatedArrays {
  readonly parameters: Float32Array
  readonly gradients: Float32Array
  /** The optimizer's, by name. */
  readonly state: Readonly<Record<string, Float32Array>>
  /** Null without an average. */
  readonly average: Float32Array | null
}

interface UpdateCall {
  readonly update: number
  readonly learningRate: number
  readonly gradientScale: number
}

export interface Updater extends Pick<InPlaceSession, 'device'> {
  apply(call: UpdateCall): Promise<void>
  dispose(): Promise<void>
}

/**
 * Numbers updated by one run: the operators' intermediate results then stay in the processor's cache.
 */
const chunkLength = 1 << 18

// [Note: an update that does not spin]
// Idle threads of a session burn a processor for some milliseconds after each run, in case another run
// follows. Where two sessions take turns, as gradients and updates do, they take it from each other. An
// update loses nothing without: its operators wait for memory, not for threads.

/** @param ranges of the numbers, which cover all of them */
export async function createUpdater(
  optimizer: Optimizer,
  arrays: UpdatedArrays,
  settings: { readonly ranges: readonly ParameterRange[]; readonly emaDecay: number },
  options: SessionOptions,
): Promise<Updater> {
  const graph = arrays.average ? addWeightAverage(optimizer.graph) : optimizer.graph
  const session = await openSession(writeModel(graph), { ...options, spinning: false })
  return {
    get device() {
      return session.device
    },
    async apply(call) {
      for (const { start, end, decayed, rate } of chunks(settings.ranges)) {
        const learningRate = call.learningRate * rate
        const scalars = optimizer.scalars({ ...call, learningRate, decayed })
        const take = 1 - warmedDecay(settings.emaDecay, call.update)
        const all = arrays.average ? { ...scalars, take } : scalars
        await updateRange(session, arrays, all, start, end)
      }
    },
    dispose: () => session.dispose(),
  }
}

/** The ranges in parts of at most `chunkLength`. */
function* chunks(ranges: readonly ParameterRange[]): Generator<ParameterRange & { start: number }> {
  let start = 0
  for (const range of ranges) {
    for (; start < range.end; start = Math.min(start + chunkLength, range.end)) {
      yield { ...range, start, end: Math.min(start + chunkLength, range.end) }
    }
  }
}

async function updateRange(
  session: InPlaceSession,
  arrays: UpdatedArrays,
  scalars: Readonly<Record<string, number>>,
  start: number,
  end: number,
): Promise<void> {
  const parameter = range(arrays.parameters, start, end)
  const feeds: Tensors = { parameter, gradient: range(arrays.gradients, start, end) }
  const fetchInto: Tensors = { 'next/parameter': parameter }
  const { state, average } = arrays
  const others = average ? { ...state, average } : state
  for (const [name, values] of Object.entries(others)) {
    const part = range(values, start, end)
    feeds[name] = part
    fetchInto[`next/${name}`] = part
  }
  for (const [name, value] of Object.entries(scalars)) feeds[name] = scalar(value)
  await session.runInPlace(feeds, { fetchInto })
}

function range(values: Float32Array, start: number, end: number) {
  return { type: 'float32', dims: [end - start], data: values.subarray(start, end) } as const
}

function scalar(value: number) {
  return { type: 'float32', dims: [], data: Float32Array.of(value) } as const
}
