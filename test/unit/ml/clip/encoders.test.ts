import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  RawImage,
} from '@xenova/transformers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ImageEncoder,
  openImageEncoder,
  openTextEncoder,
  type TextEncoder,
} from '../../../../main/ml/clip/encoders.js'
import { type ModelDirectory, openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { normalizeRows } from '../../../../main/ml/clip/normalizeRows.js'
import { loadPixelValues } from '../../../../main/ml/clip/preprocess.js'
import { isAppError } from '../../../../shared/errors.js'
import { photographs } from '../../../support/photographs.js'
import { writeSmallModel } from '../../../support/smallModel.js'

const texts = [
  'a red apple',
  '',
  'BOATS on the water, and a very long sentence about boats on it',
  '🍎',
]

let root: string
let model: ModelDirectory
let images: ImageEncoder
let words: TextEncoder

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'encoders-'))
  model = await writeSmallModel(join(root, 'small'))
  const options = { device: 'cpu', threads: 1 } as const
  images = await openImageEncoder(model, options)
  words = await openTextEncoder(model, options)
  env.localModelPath = root
  env.allowRemoteModels = false
  env.useFSCache = false
})
afterAll(async () => {
  await images.dispose()
  await words.dispose()
  await rm(root, { recursive: true })
})

function expectNear(ours: Float32Array, theirs: Float32Array): void {
  expect(ours.length).toBe(theirs.length)
  const worst = ours.reduce((max, value, i) => Math.max(max, Math.abs(value - theirs[i]!)), 0)
  expect(worst).toBeLessThan(1e-4)
}

async function loadPixels(pictures: readonly (string | Uint8Array)[]): Promise<Float32Array> {
  const each = await Promise.all(pictures.map((p) => loadPixelValues(p, model.preprocess)))
  return Float32Array.from(each.flatMap((pixels) => [...pixels]))
}

describe('@xenova/transformers on a directory of ours', () => {
  it('gives our image embeddings', async () => {
    const pictures = await Promise.all(photographs.map((path) => sharp(path).png().toBuffer()))
    const processor = await AutoProcessor.from_pretrained('small')
    const vision = await CLIPVisionModelWithProjection.from_pretrained('small', { dtype: 'fp32' })
    const raw = await Promise.all(
      pictures.map((picture) => RawImage.fromBlob(new Blob([new Uint8Array(picture)]))),
    )
    const theirs = await vision(await processor(raw))
    const { embeddings } = await images.encode(await loadPixels(pictures), pictures.length)
    expect(theirs.image_embeds.dims).toEqual([pictures.length, model.embeddingDim])
    expectNear(embeddings, normalizeRows(theirs.image_embeds.data, model.embeddingDim))
  })

  it('gives our text embeddings', async () => {
    const tokenizer = await AutoTokenizer.from_pretrained('small')
    const encoder = await CLIPTextModelWithProjection.from_pretrained('small', { dtype: 'fp32' })
    // It cuts off the end of a text that is too long, so such a text is left to another test.
    const short = texts.filter((text) => text.length < 30)
    const theirs = await encoder(tokenizer(short, { padding: true, truncation: true }))
    expect(theirs.text_embeds.dims).toEqual([short.length, model.embeddingDim])
    expectNear(
      await words.encode(short),
      normalizeRows(theirs.text_embeds.data, model.embeddingDim),
    )
  })
})

describe('encoders', () => {
  it('give unit rows that do not depend on their batch', async () => {
    const together = await words.encode(texts)
    for (const [i, text] of texts.entries()) {
      const alone = await words.encode([text])
      expect(Math.hypot(...alone)).toBeCloseTo(1, 5)
      expectNear(alone, together.subarray(i * words.dim, (i + 1) * words.dim))
    }
    const many = await words.encode(Array.from({ length: 152 }, (_, i) => texts[i % 4]!))
    expectNear(many.subarray(-2 * words.dim), together.subarray(-2 * words.dim))
    expect(await words.encode([])).toHaveLength(0)
  })

  it('leave rows as the graph gives them where that is asked for', async () => {
    const options = { device: 'cpu', threads: 1, unnormalized: true } as const
    const raw = await openTextEncoder(model, options)
    const rows = await raw.encode(texts)
    await raw.dispose()
    expect(Math.hypot(...rows.subarray(0, raw.dim))).not.toBeCloseTo(1, 2)
    expectNear(normalizeRows(rows, raw.dim), await words.encode(texts))
  })

  it('give the feature before the projection', async () => {
    const pixels = await loadPixels(photographs.slice(0, 2))
    const { pooled } = await images.encode(pixels, 2)
    expect(images.pooledDim).toBe(48)
    expect(pooled).toHaveLength(96)
  })

  it('leave the caller its pixels', async () => {
    const pixels = await loadPixels([photographs[0]])
    const first = await images.encode(pixels, 1)
    expect(pixels).toHaveLength(3 * 32 * 32)
    expect((await images.encode(pixels, 1)).embeddings).toEqual(first.embeddings)
  })

  it('work for an export without semblance.json, without pooled features', async () => {
    await cp(model.path, join(root, 'foreign'), { recursive: true })
    await rm(join(root, 'foreign/semblance.json'))
    const foreign = await openModelDirectory(join(root, 'foreign'))
    const encoder = await openImageEncoder(foreign, { device: 'cpu', threads: 1 })
    const pixels = await loadPixels([photographs[0]])
    const { embeddings, pooled } = await encoder.encode(pixels, 1)
    expect(pooled).toBeNull()
    expectNear(embeddings, (await images.encode(pixels, 1)).embeddings)
    await encoder.dispose()
  })

  it('name the file whose graph does not fit', async () => {
    const lying = { ...model, embeddingDim: 25 }
    const encoder = await openTextEncoder(lying, { device: 'cpu', threads: 1 })
    const wrong = await encoder.encode(['a']).catch((thrown: unknown) => thrown)
    await encoder.dispose()
    expect(isAppError(wrong, 'MODEL_INVALID') && wrong.data.path).toBe(model.textPath)
  })
})
