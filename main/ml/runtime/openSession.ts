/** Opens a session in the calling thread: for the trainer, the benchmarks and the session worker. */
import type { InferenceSession } from 'onnxruntime-node'
import { createOnDevice } from './devices.js'
import type { InPlaceOutputs, InPlaceSession, SessionOptions, Tensors } from './session.js'
import { fromRuntimeTensor, toRuntimeTensors } from './tensors.js'

/**
 * Opens a model; every run then blocks the calling thread until it is done.
 *
 * @param model the bytes of an ONNX file or its path; external data is found only by path
 * @throws AppError FILE_NOT_FOUND, ONNX_INVALID, or DEVICE_UNAVAILABLE for a device asked for by name
 */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<InPlaceSession> {
  const { session, device, notice } = await createOnDevice(model, options)
  const { inputNames, outputNames } = session
  return {
    inputNames,
    outputNames,
    device,
    ...(notice === undefined ? {} : { notice }),
    run: (feeds, fetches = outputNames) => run(session, feeds, { fetchInto: {}, fetches }),
    runInPlace: (feeds, outputs) => run(session, feeds, outputs),
    dispose: () => session.release(),
  }
}

async function run(
  session: InferenceSession,
  feeds: Tensors,
  { fetchInto, fetches = [] }: InPlaceOutputs,
): Promise<Tensors> {
  const unknown = fetches.find((name) => !session.outputNames.includes(name))
  if (unknown !== undefined) throw new RangeError(`the model has no output "${unknown}"`)
  const results = await session.run(toRuntimeTensors(feeds), {
    ...toRuntimeTensors(fetchInto),
    ...Object.fromEntries(fetches.map((name) => [name, null])),
  })
  return Object.fromEntries(fetches.map((name) => [name, fromRuntimeTensor(name, results[name]!)]))
}
