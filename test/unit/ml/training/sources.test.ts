import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createTokenizer } from '../../../../main/ml/clip/tokenizer/Tokenizer.js'
import { trainTokenizer } from '../../../../main/ml/clip/tokenizer/trainTokenizer.js'
import type { Tensors } from '../../../../main/ml/runtime/session.js'
import { evaluatePairs, type PairEmbedder } from '../../../../main/ml/training/evaluatePairs.js'
import { onFullDisk } from '../../../../main/ml/training/onFullDisk.js'
import type { PixelPool } from '../../../../main/ml/training/pictures/pixelPool.js'
import { mergePairs } from '../../../../main/ml/training/sampling/mergePairs.js'
import { buildCaptionTable } from '../../../../main/ml/training/sources/captionTable.js'
import { pickRows } from '../../../../main/ml/training/sources/featureRows.js'
import { createPairBatches } from '../../../../main/ml/training/sources/pairBatches.js'
import { createPixelImages } from '../../../../main/ml/training/sources/pixelImages.js'
import { createTokenTexts } from '../../../../main/ml/training/sources/tokenTexts.js'
import { createViewBatches } from '../../../../main/ml/training/sources/viewBatches.js'
import { isAppError } from '../../../../shared/errors.js'

const items = [
  { image: 'a', captions: ['a dog', 'big dog'] },
  { image: 'b', captions: ['A dog.'] },
  { image: 'c', captions: ['a cat sleeping in the sun on a wall'], label: 'cat' },
  { image: 'd', captions: ['kitten'], label: 'cat' },
]

describe('mergePairs', () => {
  it('makes one pair of each picture', () => {
    const merged = mergePairs([
      { image: 'x', captions: ['one'] },
      { image: 'y', captions: ['two'] },
      { image: 'x', captions: ['one', 'three'], label: 'l' },
    ])
    expect(merged).toEqual([
      { image: 'x', captions: ['one', 'three'], label: 'l' },
      { image: 'y', captions: ['two'] },
    ])
  })
})

describe('createPairBatches', () => {
  it('brings each item’s own picture, one of its texts, and its group together', async () => {
    const captions = buildCaptionTable(items)
    const pictures = { rowDims: [1], data: Float32Array.of(10, 11, 12, 13) }
    const texts = { rowDims: [1], data: Float32Array.from(captions.texts, (_, i) => i) }
    const source = createPairBatches({
      captions,
      images: async (rows) => pickRows(pictures, rows),
      texts: (rows) => pickRows(texts, rows),
      batchSize: 4,
      sampling: { kind: 'shuffled' },
      seed: 1,
      ahead: 1,
    })
    for (let step = 0; step < 10; step++) {
      const batch = await source.batchAt(step)
      const { features: image } = await batch.image(0, 4)
      const { features: text } = await batch.text(0, 4)
      const order = [...(image!.data as Float32Array)].map((value) => value - 10)
      order.forEach((item, i) => {
        const caption = captions.texts[(text!.data as Float32Array)[i]!]!
        expect(items[item]!.captions).toContain(caption)
      })
      const groupOf = (item: number) => batch.groups![order.indexOf(item)]
      expect(groupOf(2)).toBe(groupOf(3))
      expect(groupOf(0)).not.toBe(groupOf(2))
      const sameWords = (text!.data as Float32Array)[order.indexOf(0)] === 0
      expect(groupOf(0) === groupOf(1)).toBe(sameWords)
      const { features: part } = await batch.image(1, 2)
      expect([...(part!.data as Float32Array)]).toEqual([order[1]! + 10, order[2]! + 10])
    }
  })
})

describe('createViewBatches', () => {
  const pictures = Array.from({ length: 30 }, (_, i) => ({
    captions: i < 10 ? [`caption ${i}`] : [],
    ...(i % 2 === 0 ? { label: `label ${i % 6}` } : {}),
  }))
  const open = (readsTexts: boolean, some = pictures, batchSize = 12) => {
    const captions = buildCaptionTable(some)
    const texts = { rowDims: [1], data: Float32Array.from(captions.texts, (_, i) => i) }
    return createViewBatches({
      captions,
      images: async (rows, epoch, views) => (start, count) => {
        const seen = Float32Array.from(
          { length: count },
          (_, i) => rows[start + i]! + views![start + i]! / 2,
        )
        return { pixels: { type: 'float32', dims: [count], data: seen }, epoch: epochOf(epoch) }
      },
      texts: readsTexts ? (rows) => pickRows(texts, rows) : null,
      batchSize,
      sampling: { kind: 'shuffled' },
      seed: 3,
      ahead: 0,
    })
  }
  const epochOf = (epoch: number) =>
    ({ type: 'float32', dims: [], data: Float32Array.of(epoch) }) as const
  const numbers = async (part: Promise<Tensors> | Tensors, name: string) => [
    ...((await part)[name]!.data as Float32Array),
  ]

  it('shows every picture twice, in other views, and captioned ones first', async () => {
    const source = open(true)
    expect(source.batchSize).toBe(12)
    for (let step = 0; step < 6; step++) {
      const batch = await source.batchAt(step)
      // A third has captions, but at least eight of a batch do.
      expect(batch.rows).toEqual({ image: 24, text: 8 })
      const seen = await numbers(batch.image(0, 24), 'pixels')
      const [first, second] = [seen.slice(0, 12), seen.slice(12)]
      expect(second).toEqual(first.map((item) => item + 0.5))
      expect(new Set(first).size).toBe(12)
      expect(await numbers(batch.text(0, 8), 'features')).toEqual(first.slice(0, 8))
      expect(first.slice(8).every((item) => item >= 10)).toBe(true)
      first.forEach((a, i) => {
        first.forEach((b, j) => {
          const same = pictures[a]!.label !== undefined && pictures[a]!.label === pictures[b]!.label
          expect(batch.viewGroups![i] === batch.viewGroups![j]).toBe(same || i === j)
        })
      })
      expect(await numbers(batch.image(0, 1), 'epoch')).toEqual([step])
    }
  })

  it('reads no words of pictures alone', async () => {
    const source = open(false)
    const batch = await source.batchAt(0)
    expect(batch.rows).toEqual({ image: 24, text: 0 })
    expect(source.batchesPerEpoch).toBe(2)
    expect(await source.batchAt(5)).toEqual({
      ...(await open(false).batchAt(5)),
      image: expect.any(Function),
      text: expect.any(Function),
    })
  })

  it('is all pairs where every picture has a caption', async () => {
    const batch = await open(true, pictures.slice(0, 10), 6).batchAt(0)
    expect(batch.rows).toEqual({ image: 12, text: 6 })
  })

  it('needs two pictures', () => {
    expect(() => open(false, pictures.slice(0, 1))).toThrow('at least two')
  })
})

describe('createTokenTexts', () => {
  it('pads a batch to one of few lengths, the same for all its parts', async () => {
    const texts = buildCaptionTable(items).texts
    const tokenizer = createTokenizer(trainTokenizer(texts, { vocabSize: 560, contextLength: 40 }))
    const batch = createTokenTexts(texts, tokenizer, 40)
    const rows = Int32Array.of(3, 0)
    const { input_ids, attention_mask } = await batch(rows)(0, 2)
    const longest = tokenizer.encodeText(texts[3]!).length
    expect(longest).toBeGreaterThan(8)
    expect([16, 32, 40]).toContain(input_ids!.dims[1])
    const alone = await batch(rows)(1, 1)
    expect(alone.input_ids!.dims).toEqual([1, input_ids!.dims[1]])
    const ids = [...(alone.input_ids!.data as BigInt64Array)].map(Number)
    const own = tokenizer.encodeText(texts[0]!)
    expect(ids.slice(0, own.length)).toEqual(own)
    expect(ids.slice(own.length).every((id) => id === tokenizer.padId)).toBe(true)
    const mask = [...(attention_mask!.data as BigInt64Array)].map(Number)
    expect(mask.reduce((sum, one) => sum + one, 0)).toBe(longest + own.length)
  })
})

describe('createPixelImages', () => {
  /** Pixels that tell the picture they are of. */
  const pool: PixelPool = {
    render: async ({ pictures }) =>
      Float32Array.from({ length: pictures.length * 3 * 64 * 64 }, (_, i) => {
        return pictures[Math.floor(i / (3 * 64 * 64))]!
      }),
    dispose: async () => {},
  }

  it('gives the same parts whether a batch is held whole or made in parts', async () => {
    for (const count of [8, 6000]) {
      const pictures = Int32Array.from({ length: count }, (_, i) => (i * 7) % count)
      const images = createPixelImages(pool, 64, pictures)
      const batch = await images(
        Int32Array.from({ length: count }, (_, i) => count - 1 - i),
        0,
      )
      for (const [start, size] of [
        [0, 3],
        [3, 3],
        [1, 2],
        [count - 2, 2],
        [0, 3],
      ] as const) {
        const { pixel_values } = await batch(start, size)
        expect(pixel_values!.dims).toEqual([size, 3, 64, 64])
        for (let i = 0; i < size; i++) {
          const expected = pictures[count - 1 - (start + i)]
          expect((pixel_values!.data as Float32Array)[i * 3 * 64 * 64]).toBe(expected)
        }
      }
    }
  })
})

describe('evaluatePairs', () => {
  const meaningOf = (text: string) => (/dog/i.test(text) ? [1, 0.1, 0] : [0, 0.1, 1])
  const embedder: PairEmbedder = {
    images: async (paths) => ({
      dim: 3,
      data: Float32Array.from(paths.flatMap((p) => (p < 'c' ? [2, 0, 0] : [0, 0, 2]))),
      skipped: paths.flatMap((path, row) => (path === 'd' ? [{ row, reason: 'damaged' }] : [])),
    }),
    texts: async (texts) => ({
      dim: 3,
      data: Float32Array.from(texts.flatMap(meaningOf)),
      skipped: [],
    }),
  }

  it('asks each meaning once and leaves unreadable pictures out', async () => {
    const { report, skipped } = await evaluatePairs(items, embedder)
    expect(skipped).toEqual([{ path: 'd', reason: 'damaged' }])
    // 'a dog' and 'A dog.' are one text; 'kitten' belonged to the unreadable picture only.
    expect(report!.textToImage).toMatchObject({ queries: 3, gallerySize: 3 })
    expect(report!.imageToText).toMatchObject({ queries: 3, gallerySize: 3, recallAt5: 1 })
    // 'big dog' is right for one of two pictures that look the same: the tie counts against it.
    expect(report!.textToImage.recallAt1).toBeCloseTo(2 / 3, 9)
  })

  it('has no figures where nothing can be read', async () => {
    const { report, skipped } = await evaluatePairs(items.slice(3), embedder)
    expect(report).toBeNull()
    expect(skipped).toHaveLength(1)
  })
})

describe('onFullDisk', () => {
  it.runIf(existsSync('/dev/full'))('names the place that is full', async () => {
    const writing = onFullDisk('/some/folder', () => writeFile('/dev/full', 'text'))
    await expect(writing).rejects.toSatisfy((e) => isAppError(e, 'DISK_FULL'))
  })
})
