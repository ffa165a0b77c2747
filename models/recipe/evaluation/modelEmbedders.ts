/** Embeds pictures and texts with a model directory, just as the product does. */
import { readFile } from 'node:fs/promises'
import { openImageEncoder, openTextEncoder } from '../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../main/ml/clip/preprocess.js'
import type { Picture } from '../corpus/picture.js'
import type { Embedders } from './heldOutFigures.js'

export interface ModelEmbedders extends Embedders {
  readonly modelId: string
  /** The report that training left in the model. */
  readonly trainingReport: unknown
  dispose(): Promise<void>
}

const batchPictures = 16

/** Every picture is embedded once, however many galleries it stands in. */
export async function openModelEmbedders(
  folder: string,
  pictures: readonly Picture[],
): Promise<ModelEmbedders> {
  const model = await openModelDirectory(folder, { verify: 'full' })
  const images = await openImageEncoder(model, { device: 'cpu', threads: 0 })
  const texts = await openTextEncoder(model, { device: 'cpu', threads: 0 })
  const { embeddingDim: dim, preprocess } = model
  const known = new Map<number, Float32Array>()

  async function embedBatch(numbers: readonly number[]): Promise<void> {
    const pixels = await Promise.all(
      numbers.map(async (i) => loadPixelValues(await readBytes(pictures[i]!), preprocess)),
    )
    const length = pixels[0]!.length
    const joined = new Float32Array(numbers.length * length)
    pixels.forEach((values, i) => {
      joined.set(values, i * length)
    })
    const { embeddings } = await images.encode(joined, numbers.length)
    numbers.forEach((number, i) => {
      known.set(number, embeddings.slice(i * dim, (i + 1) * dim))
    })
  }

  return {
    modelId: model.id,
    trainingReport: model.manifest?.trainingReport ?? null,
    dim,
    async pictures(numbers) {
      const missing = numbers.filter((i) => !known.has(i))
      for (let start = 0; start < missing.length; start += batchPictures) {
        await embedBatch(missing.slice(start, start + batchPictures))
      }
      const rows = new Float32Array(numbers.length * dim)
      numbers.forEach((number, i) => {
        rows.set(known.get(number)!, i * dim)
      })
      return rows
    },
    texts: (asked) => texts.encode(asked),
    async dispose() {
      await images.dispose()
      await texts.dispose()
    },
  }
}

async function readBytes({ image }: Picture): Promise<Uint8Array> {
  return 'svg' in image ? Buffer.from(image.svg) : readFile(image.path)
}
