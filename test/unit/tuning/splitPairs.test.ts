import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../main/ml/training/random.js'
import { hashSplit, writeWorkFolder } from '../../../main/ml/training/workFolder.js'
import { fingerprintPicture, hammingDistance } from '../../../main/tuning/linking/perceptualHash.js'
import { splitPairs } from '../../../main/tuning/splitPairs.js'
import { completeTrainingSpec } from '../../../main/tuning/trainingDefaults.js'

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

describe('splitPairs', () => {
  it('never parts near-duplicates, holds out about the share asked for, and repeats itself', async () => {
    const pairs = await writeTwins(40)
    const { pairs: split } = await splitPairs(pairs, options)
    expect(split.heldOut.length).toBeGreaterThanOrEqual(16)
    expect(split.heldOut.length).toBeLessThanOrEqual(20)
    expect(split.validation.length).toBe(8)
    expect(split.train.length + split.validation.length + split.heldOut.length).toBe(80)
    const subjects = [split.train, split.validation, split.heldOut].map(
      (part) => new Set(part.map((pair) => pair.captions[0])),
    )
    const total = subjects.reduce((sum, subject) => sum + subject.size, 0)
    expect(total).toBe(40)
    expect((await splitPairs(pairs, options)).pairs).toEqual(split)
  })

  it('leaves unreadable pictures to the training part, and holds out nothing of a few', async () => {
    const broken = { image: join(folder, 'missing.jpg'), captions: ['gone'] }
    const few = [broken, ...photos.map((image) => ({ image, captions: ['a'] }))]
    const { pairs } = await splitPairs(few, options)
    expect(pairs).toEqual({ train: few, validation: [], heldOut: [] })
    const many = [...(await writeTwins(30)), broken]
    const { heldOut } = (await splitPairs(many, { ...options, holdOut: 0.5 })).pairs
    expect(heldOut).not.toContain(broken)
  })

  it('holds out nothing that the model to start from has learned from, nor a smaller copy of it', async () => {
    const pairs = await writeTwins(40)
    const originals = pairs.filter(({ image }) => image.endsWith('.png')).slice(0, 24)
    const first = await splitPairs(originals, { ...options, holdOut: 0 })
    expect(first.pictures.learned.pictures).toHaveLength(24)
    const { learned } = first.pictures
    const { pairs: split, pictures, notices } = await splitPairs(pairs, { ...options, learned })
    expect(split.heldOut.length).toBeGreaterThanOrEqual(16)
    const seen = new Set(originals.map(({ captions }) => captions[0]))
    expect(split.heldOut.filter(({ captions }) => seen.has(captions[0]))).toEqual([])
    expect(notices).toEqual([expect.stringContaining('48 of the 80 pictures')])
    // Its own list holds what is trained on and chosen by, and its parent's.
    expect(pictures.learned.pictures).toHaveLength(80 - split.heldOut.length)

    const rest = await splitPairs(pairs.slice(0, 50), { ...options, learned })
    expect(rest.pairs.heldOut).toEqual([])
    expect(rest.pairs.validation).not.toEqual([])
    expect(rest.notices).toEqual([expect.stringContaining('Nothing is left to measure on.')])
  })

  it('has a hash that stays the same where the folder moves, and tells other splits apart', async () => {
    const hashOf = async (name: string, some: Awaited<ReturnType<typeof writeTwins>>, seed = 3) => {
      const split = await splitPairs(some, { ...options, seed })
      const work = join(folder, name)
      const spec = completeTrainingSpec({ method: 'scratch' })
      await writeWorkFolder(work, { spec, out: work, name }, split.pairs, split.pictures)
      return hashSplit(work)
    }
    const pairs = await writeTwins(24)
    const hash = await hashOf('first', pairs)
    const elsewhere = join(folder, 'elsewhere')
    await mkdir(elsewhere)
    const moved = pairs.map((pair) => ({ ...pair, image: join(elsewhere, basename(pair.image)) }))
    for (const [i, { image }] of pairs.entries()) await copyFile(image, moved[i]!.image)
    expect(await hashOf('second', moved)).toBe(hash)
    expect(await hashOf('third', moved, 4)).not.toBe(hash)
    const renamed = moved.map((pair) => ({ ...pair, captions: ['something else'] }))
    expect(await hashOf('fourth', renamed)).not.toBe(hash)
  })
})
