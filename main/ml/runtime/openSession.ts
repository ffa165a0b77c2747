/** Opens a session in the calling thread: for the trainer, the benchmarks and the session worker. */
import type { InferenceSession } from 'onnxruntime-node'
import { checkModelFile } from '../onnx/check/checkModelFile.js'
import { createOnDevice, type DeviceSession, fallBack, toDeviceError } from './devices.js'
import { inDeviceTurn } from './deviceTurns.js'
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
  if (typeof model === 'string') checkModelFile(model)
  const opened = await createOnDevice(model, options)
  // Only here must the model's bytes be kept: they are as large as the weights.
  const mayFail = opened.device === 'webgpu' && options.device === 'auto'
  return serveRuns(opened, mayFail ? retryOnCpu(model, options) : null)
}

type Run<T> = (session: InferenceSession) => Promise<T>
type Retry = <T>(
  failure: unknown,
  run: Run<T>,
) => Promise<{ readonly moved: DeviceSession; readonly result: T }>

function retryOnCpu(model: Uint8Array | string, options: SessionOptions): Retry {
  return (failure, run) => fallBack(model, options, failure, run)
}

function serveRuns(opened: DeviceSession, retry: Retry | null): InPlaceSession {
  let current = opened
  let onCpu = retry
  const { inputNames, outputNames } = opened.session

  async function runInPlace(feeds: Tensors, outputs: InPlaceOutputs): Promise<Tensors> {
    const attempt: Run<Tensors> = (session) => run(session, feeds, outputs)
    try {
      return await attemptOn(current, attempt)
    } catch (error) {
      if (onCpu === null) throw current.device === 'cpu' ? error : toDeviceError(error)
      // A device that failed has written nothing: outputs are copied from it once all is computed.
      const { moved, result } = await onCpu(error, attempt)
      onCpu = null
      await release(current)
      current = moved
      return result
    }
  }

  return {
    inputNames,
    outputNames,
    get device() {
      return current.device
    },
    get notice() {
      return current.notice
    },
    run: (feeds, fetches = outputNames) => runInPlace(feeds, { fetchInto: {}, fetches }),
    runInPlace,
    async dispose() {
      onCpu = null
      await release(current)
    },
  }
}

function attemptOn<T>({ session, device }: DeviceSession, attempt: Run<T>): Promise<T> {
  return device === 'webgpu' ? inDeviceTurn(() => attempt(session)) : attempt(session)
}

function release(opened: DeviceSession): Promise<void> {
  return attemptOn(opened, (session) => session.release())
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
