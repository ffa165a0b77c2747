/** Runs both encoders of a model once: files may be whole and yet not fit together. */
import { openImageEncoder, openTextEncoder } from './encoders.js'
import type { ModelDirectory } from './modelDirectory.js'

/** @throws AppError MODEL_INVALID, ONNX_INVALID or whatever else is wrong with it */
export async function tryModel(model: ModelDirectory): Promise<void> {
  const options = { device: 'cpu', threads: 0, precision: 'search' } as const
  const { width, height } = model.preprocess
  const image = await openImageEncoder(model, options)
  try {
    await image.encode(new Float32Array(3 * width * height), 1)
  } finally {
    await image.dispose()
  }
  const text = await openTextEncoder(model, options)
  try {
    await text.encode(['a photo'])
  } finally {
    await text.dispose()
  }
}
