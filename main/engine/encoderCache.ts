/** Keeps the encoders in use open, so that only the first query of a session waits for them. */
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
  dispose(): Promise<void>
}

export function createEncoderCache(): EncoderCache {
  const texts = new Map<string, Promise<TextEncoder>>()
  const images = new Map<string, Promise<ImageEncoder>>()
  let disposed = false
  const options = { device: 'cpu', threads: 0 } as const
  /** A call that was interrupted may still ask for one, whose thread nobody would end. */
  async function unlessDisposed<T>(open: () => Promise<T>): Promise<T> {
    if (disposed) throw new Error('the engine was closed')
    return open()
  }
  return {
    text: (model) =>
      unlessDisposed(() => remember(texts, model.id, () => openTextEncoder(model, options))),
    image: (model) =>
      unlessDisposed(() => remember(images, model.id, () => openImageEncoder(model, options))),
    async dispose() {
      disposed = true
      for (const encoder of [...texts.values(), ...images.values()]) {
        await (await encoder.catch(() => null))?.dispose()
      }
      texts.clear()
      images.clear()
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
