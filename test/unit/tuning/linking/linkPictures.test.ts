/** Each rule by which pictures are linked, on its own and among the others. */
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../main/ml/training/random.js'
import { linkPictures } from '../../../../main/tuning/linking/linkPictures.js'
import type { LinkRule } from '../../../../main/tuning/linking/linkRule.js'
import type { PictureEvidence } from '../../../../main/tuning/linking/pictureEvidence.js'
import { originalStem } from '../../../../main/tuning/linking/rules/editedFiles.js'
import { linkRules } from '../../../../main/tuning/linking/table.js'

const { signal } = new AbortController()

const pairs = (...images: string[]) => images.map((image) => ({ image, captions: ['x'] }))

/** Evidence that tells nothing, but for what is given. */
function evidenceOf(count: number, given: Partial<PictureEvidence> = {}): PictureEvidence {
  const nothing = new Array<null>(count).fill(null)
  return { contents: nothing, fingerprints: nothing, shots: nothing, embeddings: null, ...given }
}

async function components(
  images: readonly string[],
  given: Partial<PictureEvidence> = {},
): Promise<number[]> {
  const evidence = evidenceOf(images.length, given)
  return [...(await linkPictures({ pairs: pairs(...images), evidence }, signal)).components]
}

const fingerprint = (high: number, low: number) => ({ high, low, colour: [9, 9, 9] as const })

describe('perceptual hashes', () => {
  it('link at six differing bits wherever these are, and chain', async () => {
    const fingerprints = [
      fingerprint(0, 0),
      fingerprint(0x80010000, 0x80010101 >>> 0),
      fingerprint(0xffffffff, 0),
    ]
    expect(await components(['a', 'b', 'c'], { fingerprints })).toEqual([0, 0, 2])
  })

  it('find every pair of at most six differing bits', async () => {
    const random = createRandom(5)
    const half = () => random.integer(2 ** 32)
    for (let round = 0; round < 200; round++) {
      const [high, low] = [half(), half()]
      let [otherHigh, otherLow] = [high, low]
      for (let flip = 0; flip < 6; flip++) {
        const bit = random.integer(64)
        if (bit < 32) otherHigh = (otherHigh ^ (1 << bit)) >>> 0
        else otherLow = (otherLow ^ (1 << (bit - 32))) >>> 0
      }
      const fingerprints = [fingerprint(high, low), fingerprint(otherHigh, otherLow)]
      expect(await components(['a', 'b'], { fingerprints })).toEqual([0, 0])
    }
  })

  it('keep the same shape in another colour apart', async () => {
    const red = { ...fingerprint(5, 5), colour: [200, 0, 0] as const }
    expect(await components(['a', 'b'], { fingerprints: [fingerprint(5, 5), red] })).toEqual([0, 1])
  })
})

it('links the same bytes under other names', async () => {
  const contents = ['aa', 'bb', 'aa']
  expect(await components(['/a/1.png', '/a/2.png', '/b/3.png'], { contents })).toEqual([0, 1, 0])
})

it.each([
  ['IMG_E1234.HEIC', 'IMG_1234'],
  ['Copy of beach.jpg', 'beach'],
  ['Kopie von Strand.jpg', 'Strand'],
  ['beach copy.jpg', 'beach'],
  ['beach copy 2.jpg', 'beach'],
  ['beach - Copy (3).jpg', 'beach'],
  ['beach (1).jpg', 'beach'],
  ['beach~2.jpg', 'beach'],
  ['beach-edited.jpg', 'beach'],
  ['beach_edit.jpg', 'beach'],
  ['beach-Edit-2.tif', 'beach'],
  ['beach-bearbeitet.jpg', 'beach'],
  ['beach-modifie\u0301.jpg', 'beach'],
  ['beach-modifié.jpg', 'beach'],
  ['beach-Enhanced-NR.dng', 'beach'],
  ['beach-1024x768.jpg', 'beach'],
  ['icon@2x.png', 'icon'],
  ['Copy of beach-edited (1).jpg', 'beach'],
  // Names of their own.
  ['copy.png', 'copy'],
  ['edited.png', 'edited'],
  ['IMG_EVENING.jpg', 'IMG_EVENING'],
  ['beach 2.jpg', 'beach 2'],
  ['credit.jpg', 'credit'],
])('takes %s for an edit or copy of %s', (name, stem) => {
  expect(originalStem(`/photos/${name}`)).toBe(stem)
})

it('links edits and copies within a folder only', async () => {
  const images = ['/f/IMG_1234.jpg', '/f/IMG_E1234.jpg', '/f/IMG_1234 (1).png', '/g/IMG_1234.jpg']
  expect(await components(images)).toEqual([0, 0, 0, 3])
})

it('links numbered shots of one burst', async () => {
  const images = [
    '/f/IMG_20200101_120000_BURST001.jpg',
    '/f/IMG_20200101_120000_BURST002_COVER.jpg',
    '/f/IMG_20200101_130000_BURST001.jpg',
    '/f/00000IMG_00000_BURST20200101120000123_COVER.jpg',
    '/f/00001IMG_00001_BURST20200101120000123.jpg',
    '/f/20200101_120000_001.jpg',
    '/f/20200101_120000_002.jpg',
    '/g/IMG_20200101_120000_BURST003.jpg',
    '/f/report_20200101.jpg',
  ]
  expect(await components(images)).toEqual([0, 0, 2, 3, 3, 5, 5, 7, 8])
})

describe('capture times', () => {
  const at = (seconds: number, camera: string | null = null) => ({ atMs: seconds * 1_000, camera })

  it('link shots of one camera within two seconds, wherever they lie', async () => {
    const shots = [at(10, 'A'), at(12, 'A'), at(15, 'A'), at(11, 'B'), null]
    const images = ['/f/1', '/g/2', '/f/3', '/f/4', '/f/5']
    expect(await components(images, { shots })).toEqual([0, 0, 2, 3, 4])
  })

  it('link within a folder where the camera is not known', async () => {
    const shots = [at(10), at(11), at(11)]
    expect(await components(['/f/1', '/f/2', '/g/3'], { shots })).toEqual([0, 0, 2])
  })

  it('do not chain a camera that was left running into one group', async () => {
    const count = 400
    const images = Array.from({ length: count }, (_, i) => `/f/${i}`)
    const evidence = evidenceOf(count, { shots: images.map((_, i) => at(i, 'A')) })
    const linked = await linkPictures({ pairs: pairs(...images), evidence }, signal)
    const sizes = new Map<number, number>()
    for (const one of linked.components) sizes.set(one, (sizes.get(one) ?? 0) + 1)
    expect(Math.max(...sizes.values())).toBe(20)
    expect(linked.cut).toEqual([
      { rule: 'capture times within two seconds', links: expect.any(Number) },
    ])
  })
})

it('links pictures of one occasion by their long caption, unless it is a series', async () => {
  const named = (count: number, caption: string) =>
    Array.from({ length: count }, (_, i) => ({ image: `/${i}.jpg`, captions: [caption] }))
  const link = async (some: ReturnType<typeof named>) =>
    new Set(
      (await linkPictures({ pairs: some, evidence: evidenceOf(some.length) }, signal)).components,
    ).size
  expect(await link(named(3, "grandma's birthday in the garden"))).toBe(1)
  expect(await link(named(3, 'in the garden'))).toBe(3)
  expect(await link(named(21, 'a photo of my cat'))).toBe(21)
})

describe('embeddings', () => {
  /** Unit rows around `centres` directions; `spread` is the length of what is added to each. */
  function rows(count: number, dim: number, centres: number, spread: number) {
    const random = createRandom(count, centres)
    const normal = () => random.next() + random.next() + random.next() - 1.5
    const directions = Array.from({ length: centres }, () =>
      unit(Array.from({ length: dim }, normal)),
    )
    const data = new Float32Array(count * dim)
    for (let i = 0; i < count; i++) {
      const noise = unit(Array.from({ length: dim }, normal))
      const centre = directions[i % centres]!
      data.set(unit(centre.map((x, k) => x + spread * noise[k]!)), i * dim)
    }
    return { dim, data }
  }

  function unit(vector: readonly number[]): number[] {
    const length = Math.hypot(...vector)
    return vector.map((x) => x / length)
  }

  const names = (count: number) => Array.from({ length: count }, (_, i) => `/f/${i}.jpg`)

  it('link what is nearly the same, and nothing else', async () => {
    const found = await components(names(300), { embeddings: rows(300, 64, 60, 0.15) })
    expect(found).toEqual(names(300).map((_, i) => i % 60))
    const apart = await components(names(300), { embeddings: rows(300, 64, 60, 0.6) })
    expect(new Set(apart).size).toBe(300)
  })

  it('tell nothing by an encoder that finds everything alike', async () => {
    const { dim, data } = rows(200, 64, 200, 0)
    // All rows in one direction, with a tenth of their own.
    const alike = new Float32Array(data.length)
    for (let i = 0; i < 200; i++) {
      const row = Array.from(data.subarray(i * dim, (i + 1) * dim), (x, k) => (k === 0 ? 10 : x))
      alike.set(unit(row), i * dim)
    }
    expect(new Set(await components(names(200), { embeddings: { dim, data: alike } })).size).toBe(
      200,
    )
  })

  it('leave out rows of pictures that could not be read', async () => {
    const { dim, data } = rows(40, 16, 40, 0)
    data.fill(0, 0, 2 * dim)
    expect(new Set(await components(names(40), { embeddings: { dim, data } })).size).toBe(40)
  })

  it('chain no more than a share of the collection', async () => {
    // A quarter of a circle in steps of a quarter of a degree or so: each like the next one.
    const count = 400
    const data = new Float32Array(count * 2)
    for (let i = 0; i < count; i++) {
      const angle = ((i / count) * Math.PI) / 2
      data.set([Math.cos(angle), Math.sin(angle)], i * 2)
    }
    const evidence = evidenceOf(count, { embeddings: { dim: 2, data } })
    const linked = await linkPictures({ pairs: pairs(...names(count)), evidence }, signal)
    const sizes = new Map<number, number>()
    for (const one of linked.components) sizes.set(one, (sizes.get(one) ?? 0) + 1)
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(20)
    expect(linked.cut).toHaveLength(1)
  })
})

it('can be stopped', async () => {
  const stopped = AbortSignal.abort(new Error('enough'))
  const evidence = evidenceOf(2, { embeddings: { dim: 1, data: Float32Array.of(1, 1) } })
  await expect(linkPictures({ pairs: pairs('a', 'b'), evidence }, stopped)).rejects.toThrow(
    'enough',
  )
})

it('has rules of different names', () => {
  const names = linkRules.map(({ name }: LinkRule) => name)
  expect(new Set(names).size).toBe(names.length)
})
