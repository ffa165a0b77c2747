import { mkdtemp, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  defaultAugmentation,
  drawAugmentation,
  unchanged,
} from '../../../../main/ml/training/pictures/augmentation.js'
import { mayMirror } from '../../../../main/ml/training/pictures/mirroring.js'
import {
  type PictureStoreOptions,
  preparePictures,
} from '../../../../main/ml/training/pictures/pictureStore.js'
import { startPixelPool } from '../../../../main/ml/training/pictures/pixelPool.js'
import {
  type Normalisation,
  renderPixels,
} from '../../../../main/ml/training/pictures/renderPixels.js'
import { AppError } from '../../../../shared/errors.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-pictures-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const size = 20
const asBytes: Normalisation = { rescaleFactor: 1, mean: [0, 0, 0], std: [1, 1, 1] }

/** A picture whose every pixel is decided by the digits of its name. */
function paint(path: string, side: number): Uint8Array {
  const seed = Number(path)
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => (seed * 31 + i * 7) % 256)
}

function storeOptions(changes: Partial<PictureStoreOptions> = {}): PictureStoreOptions {
  return {
    paths: Array.from({ length: 30 }, (_, i) => String(i)),
    size,
    decode: async (path, side) => paint(path, side),
    folder,
    memoryLimitBytes: 1e9,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...changes,
  }
}

describe('preparePictures', () => {
  it('skips what cannot be read and says why', async () => {
    const progress: number[] = []
    const store = await preparePictures(
      storeOptions({
        decode: async (path, side) => {
          if (path === '7') throw new AppError('IMAGE_UNREADABLE', { path, reason: 'truncated' })
          return paint(path, side)
        },
        onProgress: (done) => void progress.push(done),
      }),
    )
    expect(store.skipped).toEqual([{ path: '7', reason: 'truncated' }])
    expect(store.readable.filter((readable) => !readable)).toHaveLength(1)
    expect(store.readable[7]).toBe(false)
    expect(progress.at(-1)).toBe(30)
  })

  it('decodes nothing twice after a break, unless its file was cut', async () => {
    await preparePictures(storeOptions())
    let decoded = 0
    const counting = storeOptions({
      decode: async (path, side) => {
        decoded++
        return paint(path, side)
      },
    })
    await preparePictures(counting)
    expect(decoded).toBe(0)
    const file = join(folder, 'pictures.bin')
    await truncate(file, (await stat(file)).size - 1)
    await preparePictures(counting)
    expect(decoded).toBe(30)
  })

  it('passes on defects and stops when aborted', async () => {
    const broken = storeOptions({ decode: async () => Promise.reject(new Error('defect')) })
    await expect(preparePictures(broken)).rejects.toThrow('defect')
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(preparePictures(storeOptions({ signal }))).rejects.toThrow('stopped')
  })
})

describe('startPixelPool', () => {
  it('gives the same pixels from memory, from the file, and with any number of threads', async () => {
    const request = { epoch: 2, pictures: Int32Array.of(4, 29, 0, 13, 4) }
    const results: Float32Array[] = []
    for (const [memoryLimitBytes, threads] of [
      [1e9, 1],
      [0, 3],
    ] as const) {
      const store = await preparePictures(storeOptions({ memoryLimitBytes }))
      expect(store.data.kind).toBe(memoryLimitBytes === 0 ? 'file' : 'memory')
      const pool = startPixelPool(
        {
          pictures: store.data,
          storedSize: size,
          size: 16,
          normalisation: asBytes,
          augmentations: [defaultAugmentation],
          mirrorable: new Uint8Array(30).fill(1),
          seed: 9,
        },
        threads,
      )
      results.push(await pool.render(request))
      await pool.dispose()
    }
    expect(results[0]).toHaveLength(5 * 3 * 16 * 16)
    expect(results[1]).toEqual(results[0])
    const length = 3 * 16 * 16
    expect(results[0]!.slice(4 * length)).toEqual(results[0]!.slice(0, length))
  })
})

describe('renderPixels', () => {
  const source = paint('3', size)
  const render = (changes: Partial<typeof unchanged>, target = size) => {
    const pixels = new Float32Array(3 * target * target)
    renderPixels(source, size, { ...unchanged, ...changes }, asBytes, pixels, target)
    return pixels
  }
  const at = (pixels: Float32Array, channel: number, y: number, x: number) =>
    pixels[channel * size * size + y * size + x]!

  it('leaves a picture of its own size as it is', () => {
    const pixels = render({})
    for (let i = 0; i < source.length; i++) {
      const [y, x] = [Math.floor(i / 3 / size), Math.floor(i / 3) % size]
      expect(at(pixels, i % 3, y, x)).toBeCloseTo(source[i]!, 3)
    }
  })

  it('flips, crops and greys', () => {
    const plain = render({})
    expect(at(render({ flip: true }), 1, 5, 3)).toBeCloseTo(at(plain, 1, 5, size - 1 - 3), 3)
    const quarter = render({ left: 0.5, top: 0, width: 0.5, height: 0.5 }, size / 2)
    expect(quarter[0]).toBeCloseTo(at(plain, 0, 0, size / 2), 3)
    const grey = render({ saturation: 0 })
    expect(at(grey, 0, 4, 4)).toBeCloseTo(at(grey, 2, 4, 4), 3)
  })

  it('keeps a picture’s mean when it changes contrast mildly or blurs', () => {
    const mean = (pixels: Float32Array) => pixels.reduce((a, b) => a + b, 0) / pixels.length
    const flat = new Uint8Array(size * size * 3).map((_, i) => 100 + (i % 5))
    const pixels = new Float32Array(3 * size * size)
    renderPixels(flat, size, { ...unchanged, contrast: 1.2, blur: true }, asBytes, pixels, size)
    expect(mean(pixels)).toBeCloseTo(102, 0)
    expect(Math.max(...pixels)).toBeLessThan(104.5)
  })

  it('normalises as the model expects', () => {
    const pixels = new Float32Array(3 * size * size)
    const normalisation: Normalisation = {
      rescaleFactor: 1 / 255,
      mean: [0.5, 0.4, 0.3],
      std: [0.25, 0.5, 1],
    }
    renderPixels(source, size, unchanged, normalisation, pixels, size)
    expect(pixels[size * size]).toBeCloseTo((source[1]! / 255 - 0.4) / 0.5, 5)
  })
})

describe('mirroring', () => {
  it('is off where words speak of a side or of writing', () => {
    expect(mayMirror(['a red circle', 'the brightest upright copyright'])).toBe(true)
    expect(mayMirror(['a red circle', 'Arrow, pointing up'])).toBe(false)
    expect(mayMirror(['a dog left of a cat'])).toBe(false)
    expect(mayMirror(['the letter B'])).toBe(false)
  })

  it('happens only to pictures that may be mirrored', async () => {
    const store = await preparePictures(storeOptions())
    const always = { ...defaultAugmentation, cropArea: [1, 1], cropAspect: [1, 1] } as const
    const augmentation = {
      ...always,
      flipProbability: 1,
      jitterProbability: 0,
      greyProbability: 0,
      blurProbability: 0,
    }
    const pool = startPixelPool(
      {
        pictures: store.data,
        storedSize: size,
        size,
        normalisation: asBytes,
        augmentations: [augmentation],
        mirrorable: Uint8Array.of(1, 0),
        seed: 9,
      },
      1,
    )
    const pixels = await pool.render({ epoch: 0, pictures: Int32Array.of(0, 1) })
    await pool.dispose()
    const plain = (picture: number) => {
      const bytes = paint(String(picture), size)
      return Array.from({ length: size }, (_, x) => bytes[3 * x]!)
    }
    const row = (picture: number) => [
      ...pixels.subarray(picture * 3 * size * size, picture * 3 * size * size + size),
    ]
    expect(row(0)).toEqual(plain(0).toReversed())
    expect(row(1)).toEqual(plain(1))
  })
})

describe('drawAugmentation', () => {
  it('stays inside the picture and depends on seed, epoch and sample alone', () => {
    for (let sample = 0; sample < 500; sample++) {
      const drawn = drawAugmentation(defaultAugmentation, 1, 2, sample)
      expect(drawAugmentation(defaultAugmentation, 1, 2, sample)).toEqual(drawn)
      expect(drawn.left + drawn.width).toBeLessThanOrEqual(1 + 1e-9)
      expect(drawn.top + drawn.height).toBeLessThanOrEqual(1 + 1e-9)
      expect(drawn.width * drawn.height).toBeGreaterThan(0.55)
      expect(drawAugmentation(defaultAugmentation, 1, 3, sample)).not.toEqual(drawn)
    }
  })
})
