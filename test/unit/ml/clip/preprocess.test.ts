import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutoProcessor, env, RawImage } from '@xenova/transformers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPixelValues, toPixelValues } from '../../../../main/ml/clip/preprocess.js'
import {
  describePreprocessing,
  parsePreprocessConfig,
  readPreprocessConfig,
} from '../../../../main/ml/clip/preprocessConfig.js'
import { photographs } from '../../../support/photographs.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'preprocess-'))
  env.localModelPath = root
  env.allowRemoteModels = false
  env.useFSCache = false
})
afterAll(() => rm(root, { recursive: true }))

const clip = describePreprocessing({ imageSize: 224, resize: 'crop', background: [255, 255, 255] })
const siglip = {
  image_processor_type: 'SiglipImageProcessor',
  do_resize: true,
  size: { height: 192, width: 192 },
  resample: 3,
  do_rescale: true,
  rescale_factor: 0.00392156862745098,
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
}
let folders = 0
/** Pixel values of the same picture, ours and those of AutoProcessor. */
async function both(file: Record<string, unknown>, picture: string | Uint8Array) {
  const name = `processor-${folders++}`
  await mkdir(join(root, name))
  await writeFile(join(root, name, 'preprocessor_config.json'), JSON.stringify(file))
  const processor = await AutoProcessor.from_pretrained(name)
  const image = await (typeof picture === 'string'
    ? RawImage.read(picture)
    : RawImage.fromBlob(new Blob([new Uint8Array(picture)])))
  const theirs = (await processor(image)).pixel_values
  const config = await readPreprocessConfig(join(root, name))
  const ours = await loadPixelValues(picture, config)
  expect(theirs.dims).toEqual([1, 3, config.height, config.width])
  return { ours, theirs: theirs.data as Float32Array }
}

function differences(a: Float32Array, b: Float32Array): { mean: number; max: number } {
  expect(a.length).toBe(b.length)
  let sum = 0
  let max = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    sum += difference
    if (difference > max) max = difference
  }
  return { mean: sum / a.length, max }
}

describe('agreement with AutoProcessor', () => {
  it('is exact where nothing is scaled', async () => {
    for (const [file, size] of [
      [clip, 224],
      [siglip, 192],
    ] as const) {
      const picture = await sharp(photographs[0])
        .resize(size, size, { fit: 'fill' })
        .png()
        .toBuffer()
      const { ours, theirs } = await both(file, picture)
      expect(differences(ours, theirs).max).toBeLessThan(1e-6)
    }
  })

  it('is exact for models built here, whatever the size of the picture', async () => {
    for (const photograph of photographs) {
      for (const width of [150, 500, undefined]) {
        const picture = await sharp(photograph).resize(width).png().toBuffer()
        const { ours, theirs } = await both(clip, picture)
        expect(differences(ours, theirs).max).toBeLessThan(1e-6)
      }
    }
  })

  it('is close where JPEG is shrunk while it is read, which only we do', async () => {
    for (const photograph of photographs) {
      const { ours, theirs } = await both(clip, photograph)
      expect(differences(ours, theirs).mean).toBeLessThan(0.04)
    }
  })

  // Its bilinear and bicubic take few source pixels however much a picture shrinks; ours average.
  it('is rough for bicubic, which it does not antialias', async () => {
    for (const photograph of photographs) {
      const { ours, theirs } = await both(siglip, photograph)
      expect(differences(ours, theirs).mean).toBeLessThan(0.1)
    }
  })
})

describe('bicubic with antialias', () => {
  it('turns a fine chequerboard grey', async () => {
    const board = new Uint8Array(512 * 512)
    for (let i = 0; i < board.length; i++) board[i] = ((i & 1) ^ ((i >> 9) & 1)) * 255
    const picture = await sharp(board, { raw: { width: 512, height: 512, channels: 1 } })
      .png()
      .toBuffer()
    const values = await loadPixelValues(picture, parsePreprocessConfig(siglip, 'siglip'))
    const bound = 0.05
    expect(values.every((value) => Math.abs(value) < bound)).toBe(true)
  })
})

describe('toPixelValues', () => {
  it('writes channel by channel from an offset', () => {
    const config = parsePreprocessConfig(
      { ...siglip, size: { height: 1, width: 2 } },
      'preprocessor_config.json',
    )
    const out = new Float32Array(8).fill(9)
    toPixelValues(Uint8Array.of(0, 255, 51, 255, 0, 204), config, out, 1)
    const expected = [9, -1, 1, 1, -1, -0.6, 0.6, 9]
    for (const [i, value] of expected.entries()) expect(out[i]).toBeCloseTo(value, 6)
    expect(() => toPixelValues(new Uint8Array(3), config, out, 0)).toThrow(RangeError)
  })
})

describe('preprocessor_config.json', () => {
  const name = 'x/preprocessor_config.json'

  it('understands the forms that are in use', () => {
    const legacy = {
      feature_extractor_type: 'CLIPFeatureExtractor',
      do_center_crop: true,
      size: 256,
      crop_size: 224,
      do_normalize: true,
      image_mean: [0.1, 0.2, 0.3],
      image_std: [0.4, 0.5, 0.6],
    }
    expect(parsePreprocessConfig(legacy, name)).toMatchObject({
      width: 224,
      height: 224,
      resize: { kind: 'crop', edge: 256 },
      kernel: 'cubic',
      rescaleFactor: 1 / 255,
      mean: [0.1, 0.2, 0.3],
    })
    const vit = { image_processor_type: 'ViTImageProcessor', size: 384, do_normalize: false }
    expect(parsePreprocessConfig(vit, name)).toMatchObject({
      width: 384,
      resize: { kind: 'stretch' },
      kernel: 'linear',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    })
  })

  it.each([
    ['size', { ...siglip, size: 'large' }],
    ['size', { ...siglip, size: { shortest_edge: 224 } }],
    ['crop_size', { ...siglip, size: 224, do_center_crop: true, crop_size: 256 }],
    ['do_resize', { ...siglip, do_resize: false }],
    ['do_flip_channel_order', { ...siglip, do_flip_channel_order: true }],
    ['image_mean', { ...siglip, image_mean: [0.5] }],
  ])('names %s when it does not fit', (key, file) => {
    expect(() => parsePreprocessConfig(file, name)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining(key) }),
    )
  })
})
