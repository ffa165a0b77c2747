/** Loads a model directory in @xenova/transformers, offline, and compares its embeddings with ours. */
import { basename, dirname } from 'node:path'
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  RawImage,
  SiglipTextModel,
  SiglipVisionModel,
} from '@xenova/transformers'
import sharp from 'sharp'
import { openImageEncoder, openTextEncoder } from '../../main/ml/clip/encoders.js'
import type { ModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { normalizeRows } from '../../main/ml/clip/normalizeRows.js'
import { loadPixelValues } from '../../main/ml/clip/preprocess.js'
import { cosineOf } from '../../main/ml/training/metrics/cosineOf.js'
import { shapeSvg } from './pictureFolder.js'

const classes = {
  clip: { text: CLIPTextModelWithProjection, vision: CLIPVisionModelWithProjection },
  siglip: { text: SiglipTextModel, vision: SiglipVisionModel },
} as const

/** The least cosine similarity between its embeddings of some texts and pictures, and ours. */
export async function leastAgreement(
  model: ModelDirectory,
  texts: readonly string[],
): Promise<number> {
  env.localModelPath = dirname(model.path)
  env.allowRemoteModels = false
  env.useFSCache = false
  const similarities = [await compareTexts(model, texts), await comparePictures(model)]
  return Math.min(...similarities.flat())
}

const name = ({ path }: ModelDirectory) => basename(path)
const kindOf = ({ config }: ModelDirectory) =>
  classes[config.model_type === 'siglip' ? 'siglip' : 'clip']

async function compareTexts(model: ModelDirectory, texts: readonly string[]): Promise<number[]> {
  const tokenizer = await AutoTokenizer.from_pretrained(name(model))
  const encoder = await kindOf(model).text.from_pretrained(name(model), { dtype: 'fp32' })
  // Graphs of a fixed length take no shorter texts.
  const padding = { padding: 'max_length', max_length: model.contextLength } as const
  const results = await encoder(tokenizer([...texts], { ...padding, truncation: true }))
  await encoder.dispose()
  const ours = await openTextEncoder(model, { device: 'cpu', threads: 1 })
  const embeddings = await ours.encode(texts)
  await ours.dispose()
  return compareRows((results.text_embeds ?? results.pooler_output).data, embeddings, ours.dim)
}

async function comparePictures(model: ModelDirectory): Promise<number[]> {
  const { width, height } = model.preprocess
  // Nothing is left to scale, which it does in a way of its own: see preprocess.test.ts.
  const pictures = await Promise.all(
    (['red', 'blue', 'yellow'] as const).map((colour) =>
      sharp(Buffer.from(shapeSvg(colour, 'star')))
        .resize(width, height)
        .png()
        .toBuffer(),
    ),
  )
  const processor = await AutoProcessor.from_pretrained(name(model))
  const encoder = await kindOf(model).vision.from_pretrained(name(model), { dtype: 'fp32' })
  const blobs = pictures.map((picture) => new Blob([new Uint8Array(picture)]))
  const raw = await Promise.all(blobs.map((blob) => RawImage.fromBlob(blob)))
  const results = await encoder(await processor(raw))
  await encoder.dispose()
  const ours = await openImageEncoder(model, { device: 'cpu', threads: 1 })
  const pixels = await Promise.all(pictures.map((p) => loadPixelValues(p, model.preprocess)))
  const flat = Float32Array.from(pixels.flatMap((values) => [...values]))
  const { embeddings } = await ours.encode(flat, pictures.length)
  await ours.dispose()
  return compareRows((results.image_embeds ?? results.pooler_output).data, embeddings, ours.dim)
}

function compareRows(theirs: Float32Array, ours: Float32Array, dim: number): number[] {
  if (theirs.length !== ours.length) return [Number.NaN]
  const rows = ours.length / dim
  const [a, b] = [
    { rows, dim, data: normalizeRows(theirs, dim) },
    { rows, dim, data: ours },
  ]
  return Array.from({ length: rows }, (_, row) => cosineOf(a, row, b, row))
}
