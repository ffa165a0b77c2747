/** Decodes every picture once, draws its views and keeps what the backbone sees in them. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../main/ml/onnx/writeModel.js'
import { openSessionInWorker } from '../../../main/ml/runtime/openSessionInWorker.js'
import type { Session } from '../../../main/ml/runtime/session.js'
import { createRandom } from '../../../main/ml/training/random.js'
import { isAppError } from '../../../shared/errors.js'
import { backbonePath } from '../backbone/backbonePaths.js'
import {
  addBackbone,
  cellCount,
  type FeatureScale,
  featureChannels,
  imageSize,
} from '../backbone/buildBackbone.js'
import { readTfjsModel } from '../backbone/readTfjsModel.js'
import type { Picture } from '../corpus/picture.js'
import { readPhotographs } from './backgrounds.js'
import { type CutOut, decodeCutOut } from './cutOut.js'
import { nameColour, shrink } from './describePixels.js'
import { drawView, plainView } from './drawView.js'
import {
  featureLength,
  featureLimit,
  groupSize,
  hasGroup,
  quantise,
  viewCount,
  writeGroup,
} from './featureStore.js'
import { type Photographs, premultiply, renderView } from './renderView.js'
import { type FeatureStatistics, measureStatistics, readStatistics } from './statistics.js'

const pixelFactsSchema = z
  .object({ colour: z.string().nullable(), thumbnail: z.base64() })
  .nullable()
/** What the pixels of one picture tell; null for a picture that cannot be read. */
export type PixelFacts = z.infer<typeof pixelFactsSchema>

/** What is kept beside a group's features; other pictures' features are not taken for theirs. */
const groupFactsSchema = z.object({ ids: z.array(z.string()), facts: z.array(pixelFactsSchema) })

export interface ComputedFeatures {
  readonly folder: string
  readonly statistics: FeatureStatistics
  /** In the pictures' order. */
  readonly facts: readonly PixelFacts[]
}

export interface FeatureOptions {
  readonly folder: string
  readonly report: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** Pictures that the statistics are measured on, by index. */
  readonly sample: readonly number[]
}

/** Views' random numbers are kept apart from every other use of the seed. */
const viewStream = 11

/** Computes what is missing; a run that was broken off goes on with the next group. */
export async function computeFeatures(
  pictures: readonly Picture[],
  options: FeatureOptions,
): Promise<ComputedFeatures> {
  const { folder, report, signal } = options
  await mkdir(folder, { recursive: true })
  const photographs = await readPhotographs(imageSize)
  const statistics = await findStatistics(pictures, options, photographs)
  const session = await openBackbone({ ...statistics, limit: featureLimit })
  const facts: PixelFacts[] = []
  try {
    for (let start = 0; start < pictures.length; start += groupSize) {
      signal?.throwIfAborted()
      const group = pictures.slice(start, start + groupSize)
      facts.push(...(await computeGroup(group, start, folder, session, photographs)))
      report(facts.length, pictures.length)
    }
  } finally {
    await session.dispose()
  }
  return { folder, statistics, facts }
}

async function computeGroup(
  group: readonly Picture[],
  start: number,
  folder: string,
  session: Session,
  photographs: Photographs,
): Promise<PixelFacts[]> {
  const number = start / groupSize
  const factsPath = join(folder, `facts-${String(number).padStart(4, '0')}.json`)
  if (await hasGroup(folder, number, group.length)) {
    const known = await readFile(factsPath, 'utf8').catch(() => null)
    const parsed = known === null ? null : groupFactsSchema.parse(JSON.parse(known))
    if (parsed !== null && group.every(({ id }, i) => parsed.ids[i] === id)) return parsed.facts
  }
  const features = new Int8Array(group.length * viewCount * featureLength)
  const facts: PixelFacts[] = []
  let running = Promise.resolve()
  for (let first = 0; first < group.length; first += batchPictures) {
    const part = group.slice(first, first + batchPictures)
    const cutOuts = await Promise.all(part.map(decodeIfReadable))
    const pixels = renderViews(part, cutOuts, start + first, photographs)
    facts.push(...cutOuts.map(describe))
    // The backbone looks at this batch while the next one is drawn.
    await running
    running = runBackbone(session, pixels).then((seen) =>
      quantise(seen, features, first * viewCount * featureLength),
    )
  }
  await running
  await writeFile(`${factsPath}.part`, JSON.stringify({ ids: group.map(({ id }) => id), facts }))
  await rename(`${factsPath}.part`, factsPath)
  await writeGroup(folder, number, features)
  return facts
}

/** Pictures decoded and shown to the backbone at once. */
const batchPictures = 8

async function decodeIfReadable(picture: Picture): Promise<CutOut | null> {
  try {
    return await decodeCutOut(picture.image, imageSize)
  } catch (error) {
    if (isAppError(error, 'IMAGE_UNREADABLE')) return null
    throw error
  }
}

function describe(cutOut: CutOut | null): PixelFacts {
  if (cutOut === null) return null
  return { colour: nameColour(cutOut), thumbnail: Buffer.from(shrink(cutOut)).toString('base64') }
}

/** `[pictures * views, 3, size, size]`; unreadable pictures stay black. */
function renderViews(
  pictures: readonly Picture[],
  cutOuts: readonly (CutOut | null)[],
  start: number,
  photographs: Photographs,
): Float32Array {
  const length = 3 * imageSize * imageSize
  const pixels = new Float32Array(pictures.length * viewCount * length)
  cutOuts.forEach((cutOut, i) => {
    if (cutOut === null) return
    const picture = premultiply(cutOut)
    for (let k = 0; k < viewCount; k++) {
      const random = createRandom(viewStream, start + i, k)
      const view = k === 0 ? plainView : drawView(random, photographs.length, mayFlip(pictures[i]!))
      const at = (i * viewCount + k) * length
      renderView(picture, view, photographs, pixels.subarray(at, at + length))
    }
  })
  return pixels
}

/** Left and right, and signs that are read, mean something else when mirrored. */
function mayFlip({ name, kinds }: Picture): boolean {
  return !/left|right|clock|arrow|east|west/.test(name) && !kinds.includes('a symbol')
}

async function runBackbone(session: Session, pixels: Float32Array): Promise<Float32Array> {
  const views = pixels.length / (3 * imageSize * imageSize)
  const dims = [views, 3, imageSize, imageSize]
  const { features } = await session.run({ pixel_values: { type: 'float32', dims, data: pixels } })
  return features!.data as Float32Array
}

async function openBackbone(scale: FeatureScale | null): Promise<Session> {
  const builder = new GraphBuilder('backbone')
  const pixels = builder.input('pixel_values', 'float32', ['batch', 3, imageSize, imageSize])
  const model = await readTfjsModel(backbonePath)
  const features = addBackbone(builder, model, pixels, scale)
  builder.output(features, 'float32', ['batch', cellCount, featureChannels], 'features')
  return openSessionInWorker(writeModel(builder.build()), {
    device: 'cpu',
    threads: 0,
    transfer: true,
  })
}

async function findStatistics(
  pictures: readonly Picture[],
  { folder, sample }: FeatureOptions,
  photographs: Photographs,
): Promise<FeatureStatistics> {
  const path = join(folder, 'statistics.json')
  const known = await readStatistics(path)
  if (known !== null) return known
  const session = await openBackbone(null)
  const parts: Float32Array[] = []
  for (const index of sample) {
    const cutOut = await decodeIfReadable(pictures[index]!)
    if (cutOut === null) continue
    const pixels = renderViews([pictures[index]!], [cutOut], index, photographs)
    parts.push(await runBackbone(session, pixels))
  }
  await session.dispose()
  const features = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    features.set(part, offset)
    offset += part.length
  }
  const statistics = measureStatistics(features, featureChannels)
  await writeFile(path, JSON.stringify(statistics))
  return statistics
}
