/** Keeps the encoders in use open, so that only the first query of a session waits for them. */
import type { DeviceInUse } from '../../shared/domain/library.js'
import type { Settings } from '../../shared/domain/settings.js'
import {
  type EncoderOptions,
  type ImageEncoder,
  openImageEncoder,
  openTextEncoder,
  type TextEncoder,
} from '../ml/clip/encoders.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'
import { reasonForCpu } from '../ml/runtime/devices.js'

export interface EncoderCache {
  text(model: ModelDirectory): Promise<TextEncoder>
  image(model: ModelDirectory): Promise<ImageEncoder>
  /** Where encoders run, or would. */
  device(): Promise<DeviceInUse>
  /** Closes all of them, while nobody uses any; they open again as the settings then are. */
  release(): Promise<void>
  dispose(): Promise<void>
}

/** What decides where and how encoders run. */
export type EncoderSettings = Pick<Settings, 'device' | 'threads'>

export function createEncoderCache(settings: () => Promise<EncoderSettings>): EncoderCache {
  const texts = new Map<string, Promise<TextEncoder>>()
  const images = new Map<string, Promise<ImageEncoder>>()
  /** Those that are open; a failure in the midst of work moves one to another device. */
  const running = new Set<Pick<TextEncoder, 'device' | 'notice'>>()
  let disposed = false

  /** A call that was interrupted may still ask for one, whose thread nobody would end. */
  async function options(): Promise<EncoderOptions> {
    const { device, threads } = await settings()
    if (disposed) throw new Error('the engine was closed')
    return { device, threads, precision: 'search' }
  }

  function runs<E extends Pick<TextEncoder, 'device' | 'notice'>>(encoder: E): E {
    running.add(encoder)
    return encoder
  }

  async function release(): Promise<void> {
    const open = [...texts.values(), ...images.values()]
    texts.clear()
    images.clear()
    running.clear()
    for (const encoder of open) await (await encoder.catch(() => null))?.dispose()
  }

  return {
    text: (model) =>
      remember(texts, model.id, async () => runs(await openTextEncoder(model, await options()))),
    image: (model) =>
      remember(images, model.id, async () => runs(await openImageEncoder(model, await options()))),
    async device() {
      const { device: wanted } = await settings()
      const found = [...running].find(({ notice }) => notice !== undefined) ?? [...running].at(-1)
      if (found) return { wanted, device: found.device, notice: found.notice ?? null }
      if (wanted === 'cpu') return { wanted, device: 'cpu', notice: null }
      const reason = wanted === 'auto' ? reasonForCpu() : null
      const notice = reason && `Running on the CPU: ${reason}.`
      return { wanted, device: reason === null ? null : 'cpu', notice }
    },
    release,
    async dispose() {
      disposed = true
      await release()
    },
  }
}

/** What is kept under `key`, made on first use; a failure is not kept. */
function remember<T>(
  kept: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = make()
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  return made
}
