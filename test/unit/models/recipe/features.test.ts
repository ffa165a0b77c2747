import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../main/ml/training/random.js'
import { mergedLength } from '../../../../models/recipe/backbone/mergeCells.js'
import { type CutOut, decodeCutOut } from '../../../../models/recipe/features/cutOut.js'
import {
  nameColour,
  shrink,
  thumbnailSize,
} from '../../../../models/recipe/features/describePixels.js'
import { drawView, plainView, type View } from '../../../../models/recipe/features/drawView.js'
import {
  featureLimit,
  joinFeatures,
  openFeatures,
  quantise,
  viewCount,
  writeGroup,
} from '../../../../models/recipe/features/featureStore.js'
import {
  premultiply,
  renderScene,
  renderView,
} from '../../../../models/recipe/features/renderView.js'
import { measureStatistics } from '../../../../models/recipe/features/statistics.js'

function cutOutOf(size: number, pixel: (x: number, y: number) => number[]): CutOut {
  const data = new Uint8Array(size * size * 4)
  for (let i = 0; i < size * size; i++) data.set(pixel(i % size, Math.floor(i / size)), 4 * i)
  return { size, data }
}

/** Without the frame. */
const whole: View = { ...plainView, scale: [1, 1] }

function render(cutOut: CutOut, view: Partial<View> = {}, photographs: Uint8Array[] = []) {
  const target = new Float32Array(3 * cutOut.size ** 2)
  renderView(premultiply(cutOut), { ...whole, ...view }, photographs, target)
  return target
}

describe('decodeCutOut', () => {
  it('finds colours and opacity again', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">' +
      '<rect width="16" height="32" fill="#c08040"/>' +
      '<rect x="16" width="8" height="32" fill="#0000ff" fill-opacity="0.5"/></svg>'
    const { data } = await decodeCutOut({ svg }, 32)
    const at = (x: number) => [...data.subarray(4 * (16 * 32 + x), 4 * (16 * 32 + x) + 4)]
    expect(at(4)).toEqual([0xc0, 0x80, 0x40, 255])
    expect(at(20)[2]).toBeGreaterThan(250)
    expect(Math.abs(at(20)[3]! - 128)).toBeLessThan(3)
    expect(at(30)[3]).toBe(0)
  })
})

describe('renderView', () => {
  const corner = cutOutOf(8, (x, y) => (x < 4 && y < 4 ? [255, 0, 0, 255] : [0, 0, 0, 0]))

  it('shows the picture as it is on white', () => {
    const noise = cutOutOf(8, (x, y) => [x * 30, y * 30, 99, 255])
    const pixels = render(noise)
    for (let i = 0; i < 64; i++) {
      expect(pixels[i]).toBeCloseTo(noise.data[4 * i]! / 255, 5)
      expect(pixels[64 + i]).toBeCloseTo(noise.data[4 * i + 1]! / 255, 5)
    }
    expect(render(corner)[63 + 64]).toBe(1)
  })

  it('mirrors, scales and moves', () => {
    const green = (pixels: Float32Array, x: number, y: number) => pixels[64 + y * 8 + x]
    const mirrored = render(corner, { flip: true })
    expect([green(mirrored, 7, 0), green(mirrored, 0, 0)]).toEqual([0, 1])
    const small = render(corner, { scale: [0.5, 0.5] })
    expect([green(small, 3, 3), green(small, 0, 0), green(small, 4, 4)]).toEqual([0, 1, 1])
    const moved = render(corner, { centre: [1, 1] })
    expect([green(moved, 4, 4), green(moved, 0, 0)]).toEqual([0, 1])
  })

  it('lays a photograph behind what is transparent', () => {
    const photograph = new Uint8Array(3 * 64).fill(51)
    const pixels = render(corner, { background: { kind: 'photograph', index: 0 } }, [photograph])
    expect(pixels[64]).toBe(0)
    expect(pixels[63]).toBeCloseTo(0.2, 6)
  })

  it('puts several pictures into one frame, later ones before earlier ones', () => {
    const full = premultiply(cutOutOf(8, () => [255, 0, 0, 255]))
    const half = premultiply(cutOutOf(8, (x) => (x < 4 ? [0, 0, 255, 255] : [0, 0, 0, 0])))
    const target = new Float32Array(3 * 64)
    const placed = [full, half].map((picture) => ({ picture, placement: whole }))
    renderScene(placed, whole, [], target)
    expect([target[0], target[128]]).toEqual([0, 1])
    expect([target[7], target[128 + 7]]).toEqual([1, 0])
  })

  it('blurs over squares', () => {
    const edge = cutOutOf(8, (x) => (x < 4 ? [0, 0, 0, 255] : [255, 255, 255, 255]))
    const pixels = render(edge, { blur: 1 })
    expect(pixels[2]).toBe(0)
    expect(pixels[3]).toBeCloseTo(1 / 3, 5)
    expect(pixels[4]).toBeCloseTo(2 / 3, 5)
  })

  it('stays within 0 and 1 for every view that can be drawn', () => {
    const photographs = [new Uint8Array(3 * 64).fill(200)]
    for (let seed = 0; seed < 200; seed++) {
      const view = drawView(createRandom(seed), photographs.length, true)
      const pixels = render(corner, view, photographs)
      expect(pixels.every((value) => value >= 0 && value <= 1)).toBe(true)
    }
  })
})

describe('describePixels', () => {
  it.each([
    [[230, 30, 30], 'red'],
    [[250, 210, 30], 'yellow'],
    [[40, 160, 60], 'green'],
    [[40, 90, 220], 'blue'],
    [[120, 70, 30], 'brown'],
    [[250, 120, 190], 'pink'],
    [[130, 130, 130], null],
  ] as const)('calls %j %s', (rgb, name) => {
    expect(nameColour(cutOutOf(16, () => [...rgb, 255]))).toBe(name)
  })

  it('names no colour where two share the picture', () => {
    const both = cutOutOf(16, (x) => (x < 8 ? [230, 30, 30, 255] : [40, 90, 220, 255]))
    expect(nameColour(both)).toBeNull()
  })

  it('shrinks to the mean colours on white', () => {
    const side = 2 * thumbnailSize
    const small = shrink(cutOutOf(side, (x) => (x % 2 === 0 ? [0, 0, 0, 255] : [0, 0, 0, 0])))
    expect(small.every((value) => Math.abs(value - 127.5) <= 0.5)).toBe(true)
  })
})

describe('feature store', () => {
  it('reads back every view, rounded to a hundredth of the spread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-features-'))
    const random = createRandom(5)
    const features = Float32Array.from({ length: 2 * viewCount * mergedLength }, () =>
      random.between(-featureLimit, featureLimit),
    )
    const bytes = new Int8Array(features.length)
    quantise(features, bytes, 0)
    await writeGroup(folder, 0, bytes)
    const target = new Float32Array(mergedLength)
    const start = (viewCount + 2) * mergedLength
    const expected = features.subarray(start, start + mergedLength)
    const reader = openFeatures(folder)
    for (const both of [reader, joinFeatures(openFeatures('nowhere'), 0, reader)]) {
      both.read(1, 2, target, 0)
      const worst = target.reduce((max, v, i) => Math.max(max, Math.abs(v - expected[i]!)), 0)
      expect(worst).toBeLessThan(0.03)
    }
    await rm(folder, { recursive: true })
  })

  it('measures mean and spread of each channel', () => {
    const { mean, std } = measureStatistics(Float32Array.of(1, 10, 3, 10, 5, 10), 2)
    expect(mean).toEqual([3, 10])
    expect(std[0]).toBeCloseTo(Math.sqrt(8 / 3), 6)
    expect(std[1]).toBeGreaterThan(0)
  })
})
