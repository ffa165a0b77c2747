import { describe, expect, it } from 'vitest'
import { featureChannels } from '../../../../models/recipe/backbone/buildBackbone.js'
import { mergedCells, mergedLength } from '../../../../models/recipe/backbone/mergeCells.js'
import type { FeatureReader } from '../../../../models/recipe/features/featureStore.js'
import type { TrainingItem } from '../../../../models/recipe/training/dataset.js'
import { showPictures } from '../../../../models/recipe/training/showPictures.js'

/** Every value of a picture's features is its number, in every view. */
const features: FeatureReader = {
  read: (picture, _view, target, offset) => target.fill(picture, offset, offset + mergedLength),
}

const alone: TrainingItem = { feature: 1, captions: [0], siblings: [], further: [] }
const oneOfTwo: TrainingItem = { feature: 1, captions: [0], siblings: [3], further: [] }
const count = 400

/** The value of each cell of `count` pictures; 0 where it is blanked. */
async function cellsOf(item: TrainingItem, epoch = 0, reader = features): Promise<number[][]> {
  const items = Array.from({ length: count }, () => item)
  const picked = Int32Array.from(items, (_, i) => i)
  const { features: shown } = await showPictures({
    features: reader,
    items,
    picked,
    mixShare: 0.9,
    seed: 1,
    epoch,
  })(0, count)
  expect(shown!.dims).toEqual([count, mergedCells, featureChannels])
  const data = shown!.data as Float32Array
  return items.map((_, i) =>
    Array.from({ length: mergedCells }, (__, cell) => {
      const at = i * mergedLength + cell * featureChannels
      const values = new Set(data.subarray(at, at + featureChannels))
      expect(values.size).toBe(1)
      return [...values][0]!
    }),
  )
}

describe('showPictures', () => {
  it('blanks about a tenth of the cells and leaves the others of a lone picture as they are', async () => {
    const cells = (await cellsOf(alone)).flat()
    expect(new Set(cells)).toEqual(new Set([0, 1]))
    const blank = cells.filter((value) => value === 0).length / cells.length
    expect(blank).toBeGreaterThan(0.08)
    expect(blank).toBeLessThan(0.12)
  })

  it('mixes nine in ten of the pictures that have siblings with less than half of one', async () => {
    const pictures = (await cellsOf(oneOfTwo)).map((cells) => [
      ...new Set(cells.filter((value) => value !== 0)),
    ])
    // All cells of a picture are mixed alike.
    for (const values of pictures) expect(values.length).toBe(1)
    const shares = pictures.map(([value]) => (value! - 1) / 2)
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.5)
    expect(Math.max(...shares)).toBeGreaterThan(0.45)
    const mixed = shares.filter((share) => share > 0).length / count
    expect(mixed).toBeGreaterThan(0.85)
    expect(mixed).toBeLessThan(0.95)
  })

  it('shows the plain view two times of five, and otherwise any of all further views', async () => {
    const views = new Map<string, number>()
    const counted: FeatureReader = {
      read(number, view, target, offset) {
        views.set(`${number} ${view}`, (views.get(`${number} ${view}`) ?? 0) + 1)
        target.fill(1, offset, offset + mergedLength)
      },
    }
    await cellsOf({ ...alone, further: [7] }, 0, counted)
    expect(views.get('1 0')! / count).toBeGreaterThan(0.34)
    expect(views.get('1 0')! / count).toBeLessThan(0.46)
    const others = ['1 1', '1 2', '1 3', '7 0', '7 1', '7 2', '7 3']
    expect([...views.keys()].sort()).toEqual(['1 0', ...others])
    for (const view of others) expect(views.get(view)).toBeGreaterThan(count / 25)
  })

  it('shows the same again in the same epoch, and another picture in the next', async () => {
    expect(await cellsOf(oneOfTwo)).toEqual(await cellsOf(oneOfTwo))
    expect(await cellsOf(oneOfTwo, 1)).not.toEqual(await cellsOf(oneOfTwo))
  })
})
