/** Creates onnxruntime's session on the device asked for, or on the CPU where that may stand in. */
import { existsSync, readdirSync } from 'node:fs'
import type { InferenceSession } from 'onnxruntime-node'
import { AppError } from '../../../shared/errors.js'
import { inDeviceTurn } from './deviceTurns.js'
import { onnxruntime } from './onnxruntime.js'
import type { Device, SessionOptions } from './session.js'

type Provider = Exclude<Device, 'auto'>

export interface DeviceSession {
  readonly session: InferenceSession
  readonly device: Provider
  readonly notice?: string
}

/** Why webgpu does not work in this process, once that is known; `auto` then does not try again. */
let webgpuFailure: string | undefined

/** See `openSession` for the errors. */
export async function createOnDevice(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<DeviceSession> {
  if (typeof model === 'string' && !existsSync(model)) {
    throw new AppError('FILE_NOT_FOUND', { path: model })
  }
  if (options.device === 'cpu') {
    return { session: await createOnCpu(model, options), device: 'cpu' }
  }
  let failure = options.device === 'auto' ? (webgpuFailure ?? missingGraphicsDevice()) : undefined
  if (failure === undefined) {
    try {
      const session = await inDeviceTurn(() => create(model, options, 'webgpu'))
      return { session, device: 'webgpu' }
    } catch (error) {
      failure = explain(error)
    }
  }
  // Whether the model or the device is at fault, the CPU tells: an invalid model fails there too.
  const session = await createOnCpu(model, options)
  webgpuFailure = failure
  if (options.device === 'auto') {
    const notice = noticeOf(failure)
    options.onNotice?.(notice)
    return { session, device: 'cpu', notice }
  }
  await session.release()
  throw new AppError('DEVICE_UNAVAILABLE', { device: 'webgpu', reason: failure })
}

/**
 * Opens the model again on the CPU after `failure` on the graphics device, makes the failed run
 * there, and has `auto` take the CPU from now on. A run that fails there too was at fault itself.
 */
export async function fallBack<T>(
  model: Uint8Array | string,
  options: SessionOptions,
  failure: unknown,
  run: (session: InferenceSession) => Promise<T>,
): Promise<{ readonly moved: DeviceSession; readonly result: T }> {
  const session = await createOnCpu(model, options)
  try {
    const result = await run(session)
    webgpuFailure ??= explain(failure)
    const notice = noticeOf(webgpuFailure)
    options.onNotice?.(notice)
    return { moved: { session, device: 'cpu', notice }, result }
  } catch (error) {
    await session.release()
    throw error
  }
}

/** What a run that failed on a graphics device asked for by name throws instead of `error`. */
export function toDeviceError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  if (!/^Non-zero status code|WebGPU/.test(message)) return error
  return new AppError(
    'DEVICE_UNAVAILABLE',
    { device: 'webgpu', reason: explain(error) },
    { cause: error },
  )
}

function noticeOf(failure: string): string {
  return `Running on the CPU: ${failure}.`
}

async function createOnCpu(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await create(model, options, 'cpu')
  } catch (error) {
    const path = typeof model === 'string' ? model : 'a model in memory'
    throw new AppError('ONNX_INVALID', { path, reason: explain(error) }, { cause: error })
  }
}

function create(
  model: Uint8Array | string,
  options: SessionOptions,
  provider: Provider,
): Promise<InferenceSession> {
  const settings = toRuntimeOptions(options, provider)
  const { InferenceSession } = onnxruntime()
  // Two branches because the two overloads of `create` do not take the union.
  return typeof model === 'string'
    ? InferenceSession.create(model, settings)
    : InferenceSession.create(model, settings)
}

function toRuntimeOptions(
  options: SessionOptions,
  provider: Provider,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: options.memoryPattern ?? true,
    enableCpuMemArena: options.arena ?? true,
    graphOptimizationLevel: options.optimization ?? 'all',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: options.spinning === false ? '0' : '1' } } },
  }
}

/** Why `auto` would take the CPU, as far as that is known; a device that is there can still fail. */
export function reasonForCpu(): string | null {
  return webgpuFailure ?? missingGraphicsDevice() ?? null
}

/**
 * On Linux a missing device file tells without loading a graphics driver, which would complain on
 * stderr; and a purely software Vulkan, which would be slower than the CPU provider, is passed over,
 * unless the loader's own variable names it.
 */
function missingGraphicsDevice(): string | undefined {
  if (process.platform !== 'linux') return undefined
  const render =
    existsSync('/dev/dri') && readdirSync('/dev/dri').some((n) => n.startsWith('render'))
  const named = process.env['VK_DRIVER_FILES'] !== undefined
  const found = named || render || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')
  return found ? undefined : 'this machine has no graphics device that WebGPU can use'
}

/** The words of onnxruntime's message that matter: its first line without the source position. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const line = message.split('\n')[0]!.trim()
  return line.replace(/^.*(\bwas false\. |\bStatus Message: )/, '').replace(/\.$/, '')
}
