/** How long it takes to find the pictures that a split must not part, once each has been looked at. */
import { z } from 'zod'
import { createRandom } from '../main/ml/training/random.js'
import type { Collection } from '../main/tuning/linking/linkRule.js'
import type { PictureFingerprint } from '../main/tuning/linking/perceptualHash.js'
import { linkRules } from '../main/tuning/linking/table.js'
import type { Benchmark, Row } from './benchmark.js'
import { clusteredVectors } from './clusteredVectors.js'
import { numberList } from './numberList.js'

const settingsSchema = z.strictObject({
  sizes: numberList('10000,100000', 10),
})

const dim = 256
const picturesPerCluster = 100
const spread = 0.8
/** Each of so many pictures is followed by a smaller copy of it. */
const copyEvery = 50
/** Photos come in days of so many, a minute or more apart. */
const picturesPerDay = 200
const { signal } = new AbortController()

export const linkingBenchmark: Benchmark = {
  name: 'linking',
  describe:
    'Finding the pictures that belong together before a collection is split, by each rule of the table in turn: pictures with names of a camera, times, random perceptual hashes and clustered embeddings, every fiftieth followed by a copy. Looking at the pictures is not part of it.',
  async run(settings) {
    const { sizes } = settingsSchema.parse(settings)
    const rows: Row[] = []
    for (const size of sizes) rows.push(...(await measure(makeCollection(size))))
    return { parameters: { dim, picturesPerCluster, spread, copyEvery }, rows }
  },
}

async function measure(collection: Collection): Promise<Row[]> {
  const pictures = collection.pairs.length
  const rows: Row[] = []
  let total = 0
  for (const rule of linkRules) {
    let links = 0
    const startedAt = performance.now()
    await rule.find(collection, () => links++, signal)
    const seconds = (performance.now() - startedAt) / 1000
    total += seconds
    rows.push({ pictures, 'linked by': rule.name, seconds: rounded(seconds), links })
  }
  return [...rows, { pictures, 'linked by': 'all rules', seconds: rounded(total), links: null }]
}

function rounded(seconds: number): number {
  return Number(seconds.toPrecision(3))
}

function makeCollection(size: number): Collection {
  const random = createRandom(size)
  const nextVector = clusteredVectors({
    dim,
    clusters: Math.ceil(size / picturesPerCluster),
    spread,
    seed: size,
  })
  const isCopy = (i: number) => i % copyEvery === copyEvery - 1
  const data = new Float32Array(size * dim)
  const fingerprints: PictureFingerprint[] = []
  for (let i = 0; i < size; i++) {
    data.set(isCopy(i) ? data.subarray((i - 1) * dim, i * dim) : nextVector(), i * dim)
    const half = () => random.integer(2 ** 32) >>> 0
    const level = () => random.integer(256)
    fingerprints.push(
      isCopy(i)
        ? { ...fingerprints[i - 1]!, low: (fingerprints[i - 1]!.low ^ 1) >>> 0 }
        : { high: half(), low: half(), colour: [level(), level(), level()] as const },
    )
  }
  const indices = Array.from({ length: size }, (_, i) => i)
  const name = (i: number): string => (isCopy(i) ? `${name(i - 1)}-small` : `IMG_${10_000 + i}`)
  return {
    pairs: indices.map((i) => ({
      image: `/photos/day ${Math.floor(i / picturesPerDay)}/${name(i)}.jpg`,
      captions: [`a photo of the day ${Math.floor(i / picturesPerDay)}`],
    })),
    evidence: {
      contents: indices.map((i) => i.toString(16).padStart(16, '0')),
      fingerprints,
      shots: indices.map((i) => ({
        atMs: Math.floor(i / picturesPerDay) * 86_400_000 + (i % picturesPerDay) * 60_000,
        camera: 'Camera',
      })),
      embeddings: { dim, data },
    },
  }
}
