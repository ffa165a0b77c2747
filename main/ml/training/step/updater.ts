/** Applies an optimizer and the weight average to the flat parameters, in place. */

import { writeModel } from '../../onnx/writeModel.js'
import { openSession } from '../../runtime/openSession.js'
import type { InPlaceSession, SessionOptions, Tensors } from '../../runtime/session.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { buildWeightAverage, warmedDecay } from '../optimizers/weightAverage.js'

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

export interface Updater extends Pick<InPlaceSession, 'device' | 'notice'> {
  apply(call: UpdateCall): Promise<void>
  dispose(): Promise<void>
}

/**
 * Numbers updated by one run: the operators' intermediate results then stay in the processor's cache.
 */
const chunkLength = 1 << 18

/** @param decayedLength weight decay applies to the numbers before this index */
export async function createUpdater(
  optimizer: Optimizer,
  arrays: UpdatedArrays,
  settings: { readonly decayedLength: number; readonly emaDecay: number },
  options: SessionOptions,
): Promise<Updater> {
  const session = await openSession(writeModel(optimizer.graph), options)
  const average = await openSession(writeModel(buildWeightAverage()), options)
  const { length } = arrays.parameters
  const { device, notice } = session
  return {
    device,
    ...(notice === undefined ? {} : { notice }),
    async apply(call) {
      for (const { start, end } of chunks(length, settings.decayedLength)) {
        const scalars = optimizer.scalars({ ...call, decayed: start < settings.decayedLength })
        await updateRange(session, arrays, scalars, start, end)
        if (!arrays.average) continue
        const take = 1 - warmedDecay(settings.emaDecay, call.update)
        await averageRange(average, arrays.parameters, arrays.average, take, start, end)
      }
    },
    async dispose() {
      await session.dispose()
      await average.dispose()
    },
  }
}

/** Ranges of at most `chunkLength` that do not cross `border`. */
function* chunks(length: number, border: number): Generator<{ start: number; end: number }> {
  for (let start = 0; start < length; ) {
    const limit = start < border ? border : length
    const end = Math.min(start + chunkLength, limit)
    yield { start, end }
    start = end
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
  for (const [name, values] of Object.entries(arrays.state)) {
    const part = range(values, start, end)
    feeds[name] = part
    fetchInto[`next/${name}`] = part
  }
  for (const [name, value] of Object.entries(scalars)) feeds[name] = scalar(value)
  await session.runInPlace(feeds, { fetchInto })
}

async function averageRange(
  session: InPlaceSession,
  parameters: Float32Array,
  averages: Float32Array,
  take: number,
  start: number,
  end: number,
): Promise<void> {
  const average = range(averages, start, end)
  const feeds = { parameter: range(parameters, start, end), average, take: scalar(take) }
  await session.runInPlace(feeds, { fetchInto: { 'next/average': average } })
}

function range(values: Float32Array, start: number, end: number) {
  return { type: 'float32', dims: [end - start], data: values.subarray(start, end) } as const
}

function scalar(value: number) {
  return { type: 'float32', dims: [], data: Float32Array.of(value) } as const
}
