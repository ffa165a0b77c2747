/** Work that takes long enough to be interrupted, and little enough to be repeated. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Writes `count` plain pictures of 1.4 megapixels, each of another colour: small files, slow to decode. */
export async function writePosters(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let index = 0; index < count; index++) {
    const background = { r: (index * 53) % 256, g: (index * 97) % 256, b: index % 256 }
    await sharp({ create: { width: 1200, height: 1200, channels: 3, background } })
      .png({ compressionLevel: 1 })
      .toFile(join(folder, `poster ${index}.png`))
  }
}

/** Writes an architecture that trains a step in milliseconds; returns `path`. */
export async function writeArchitecture(path: string): Promise<string> {
  const architecture = {
    image: {
      kind: 'vit',
      imageSize: 32,
      patchSize: 8,
      stages: [{ width: 32, layers: 1, heads: 2 }],
    },
    text: { vocabSize: 512, contextLength: 16, width: 32, layers: 1, heads: 2 },
    embeddingDim: 32,
  }
  await writeFile(path, JSON.stringify(architecture))
  return path
}
