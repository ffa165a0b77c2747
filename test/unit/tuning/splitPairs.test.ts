import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../main/ml/training/random.js'
import { linkPictures } from '../../../main/tuning/linkPictures.js'
import { fingerprintPicture, hammingDistance } from '../../../main/tuning/perceptualHash.js'
import { splitPairs } from '../../../main/tuning/splitPairs.js'

const photo = (name: string) =>
  join('node_modules/@stdlib', `datasets-img-${name}`, 'data/image.jpg')
const photos = ['french-alpine-landscape', 'allium-oreophilum', 'nagasaki-boats'].map(photo)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'split-'))
})
afterAll(() => rm(folder, { recursive: true }))

const options = {
  holdOut: 0.25,
  validation: 0.1,
  seed: 3,
  signal: new AbortController().signal,
  onProgress() {},
}

/** Random blotches, each followed by a smaller, recompressed copy of itself. */
async function writeTwins(count: number) {
  const pairs = []
  for (let i = 0; i < count; i++) {
    const random = createRandom(i)
    const pixels = Buffer.from(Array.from({ length: 8 * 8 * 3 }, () => random.integer(256)))
    const blotches = sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
    const png = await blotches.resize(200, 200).png().toBuffer()
    const twins = [join(folder, `${i}.png`), join(folder, `copy of ${i}.jpg`)]
    await writeFile(twins[0]!, png)
    await writeFile(
      twins[1]!,
      await sharp(png).resize(120, 100, { fit: 'fill' }).jpeg({ quality: 80 }).toBuffer(),
    )
    for (const image of twins) pairs.push({ image, captions: [`thing ${i}`] })
  }
  return pairs
}

describe('fingerprintPicture', () => {
  it('hardly changes by scaling and recompression, and much by another picture', async () => {
    const small = join(folder, 'small.jpg')
    await sharp(photos[0]!).resize(300).jpeg({ quality: 60 }).toFile(small)
    const [original, scaled, other] = await Promise.all(
      [photos[0]!, small, photos[1]!].map(fingerprintPicture),
    )
    expect(hammingDistance(original!, scaled!)).toBeLessThanOrEqual(6)
    expect(hammingDistance(original!, other!)).toBeGreaterThan(12)
  })
})

describe('linkPictures', () => {
  const fingerprint = (high: number, low: number) => ({ high, low, colour: [9, 9, 9] as const })
  const pairs = (...images: string[]) => images.map((image) => ({ image, captions: ['x'] }))

  it('links hashes of at most six differing bits wherever these are, and chains them', () => {
    const hashes = [
      fingerprint(0, 0),
      fingerprint(0x80010000, 0x80010101 >>> 0),
      fingerprint(0xffffffff, 0),
    ]
    expect([...linkPictures(pairs('a', 'b', 'c'), hashes)]).toEqual([0, 0, 2])
  })

  it('keeps the same shape in another colour apart', () => {
    const red = { ...fingerprint(5, 5), colour: [200, 0, 0] as const }
    expect([...linkPictures(pairs('a', 'b'), [fingerprint(5, 5), red])]).toEqual([0, 1])
  })

  it('links edits, copies, and pictures of one occasion', () => {
    const three = pairs('/f/a.jpg', '/f/a-edited.jpg', '/f/a (1).png', '/g/a.jpg')
    expect([...linkPictures(three, [null, null, null, null])]).toEqual([0, 0, 0, 3])
    const occasion = ['/a.jpg', '/b.jpg'].map((image) => ({
      image,
      captions: ["grandma's birthday in the garden"],
    }))
    expect([...linkPictures(occasion, [null, null])]).toEqual([0, 0])
  })
})

describe('splitPairs', () => {
  it('never parts near-duplicates, holds out about the share asked for, and repeats itself', async () => {
    const pairs = await writeTwins(40)
    const split = await splitPairs(pairs, options)
    expect(split.heldOut.length).toBeGreaterThanOrEqual(16)
    expect(split.heldOut.length).toBeLessThanOrEqual(20)
    expect(split.validation.length).toBe(8)
    expect(split.train.length + split.validation.length + split.heldOut.length).toBe(80)
    const subjects = [split.train, split.validation, split.heldOut].map(
      (part) => new Set(part.map((pair) => pair.captions[0])),
    )
    const total = subjects.reduce((sum, subject) => sum + subject.size, 0)
    expect(total).toBe(40)
    expect(await splitPairs(pairs, options)).toEqual(split)
  })

  it('leaves unreadable pictures to the training part, and holds out nothing of a few', async () => {
    const broken = { image: join(folder, 'missing.jpg'), captions: ['gone'] }
    const few = [broken, ...photos.map((image) => ({ image, captions: ['a'] }))]
    expect(await splitPairs(few, options)).toEqual({ train: few, validation: [], heldOut: [] })
    const many = [...(await writeTwins(30)), broken]
    const { heldOut } = await splitPairs(many, { ...options, holdOut: 0.5 })
    expect(heldOut).not.toContain(broken)
  })
})
