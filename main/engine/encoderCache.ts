/** Keeps the encoders in use open, so that only the first query of a session waits for them. */
import type { Settings } from '../../shared/domain/settings.js'
import {
  type ImageEncoder,
  openImageEncoder,
  openTextEncoder,
  type TextEncoder,
} from '../ml/clip/encoders.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'

export interface EncoderCache {
  text(model: ModelDirectory): Promise<TextEncoder>
  image(model: ModelDirectory): Promise<ImageEncoder>
  /** Closes all of them, while nobody uses any; they open again as the settings then are. */
  release(): Promise<void>
  dispose(): Promise<void>
}

/** What decides where and how encoders run. */
export type EncoderSettings = Pick<Settings, 'device' | 'threads'>

export function createEncoderCache(settings: () => Promise<EncoderSettings>): EncoderCache {
  const texts = new Map<string, Promise<TextEncoder>>()
  const images = new Map<string, Promise<ImageEncoder>>()
  let disposed = false

  /** A call that was interrupted may still ask for one, whose thread nobody would end. */
  async function options(): Promise<EncoderSettings> {
    const { device, threads } = await settings()
    if (disposed) throw new Error('the engine was closed')
    return { device, threads }
  }

  async function release(): Promise<void> {
    const open = [...texts.values(), ...images.values()]
    texts.clear()
    images.clear()
    for (const encoder of open) await (await encoder.catch(() => null))?.dispose()
  }

  return {
    text: (model) => remember(texts, model.id, async () => openTextEncoder(model, await options())),
    image: (model) =>
      remember(images, model.id, async () => openImageEncoder(model, await options())),
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
