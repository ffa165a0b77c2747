/** Shows drawn views to the backbone, group by group, and keeps what it sees. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '../../../main/ml/runtime/session.js'
import { imageSize } from '../backbone/buildBackbone.js'
import { mergedLength } from '../backbone/mergeCells.js'
import { groupSize, hasGroup, quantise, viewCount, writeGroup } from './featureStore.js'

const pixelFactsSchema = z
  .object({ colour: z.string().nullable(), thumbnail: z.base64() })
  .nullable()
/** What the pixels of one picture tell; null for a picture that cannot be read. */
export type PixelFacts = z.infer<typeof pixelFactsSchema>

/** What is kept beside a group's features; other pictures' features are not taken for theirs. */
const groupFactsSchema = z.object({ ids: z.array(z.string()), facts: z.array(pixelFactsSchema) })

/** Values of one view. */
export const viewLength = 3 * imageSize * imageSize

/** Something that is drawn in several views. */
export interface Drawable {
  /** Tells by name what is drawn; what is stored under another is computed again. */
  readonly id: string
  /** Draws all views into `target`, `[views, 3, size, size]`, which is black before. */
  draw(target: Float32Array): Promise<PixelFacts>
}

export interface GroupOptions {
  readonly folder: string
  /** `pixel_values` [n, 3, size, size] -> `features` [n, merged cells, channels]. */
  readonly session: Session
  readonly report: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Computes what is missing; a run that was broken off goes on with the next group. */
export async function computeGroups(
  drawables: readonly Drawable[],
  options: GroupOptions,
): Promise<PixelFacts[]> {
  await mkdir(options.folder, { recursive: true })
  const facts: PixelFacts[] = []
  for (let start = 0; start < drawables.length; start += groupSize) {
    options.signal?.throwIfAborted()
    const group = drawables.slice(start, start + groupSize)
    facts.push(...(await computeGroup(group, start / groupSize, options)))
    options.report(facts.length, drawables.length)
  }
  return facts
}

async function computeGroup(
  group: readonly Drawable[],
  number: number,
  { folder, session }: GroupOptions,
): Promise<PixelFacts[]> {
  const factsPath = join(folder, `facts-${String(number).padStart(4, '0')}.json`)
  if (await hasGroup(folder, number, group.length)) {
    const known = await readFile(factsPath, 'utf8').catch(() => null)
    const parsed = known === null ? null : groupFactsSchema.parse(JSON.parse(known))
    if (parsed !== null && group.every(({ id }, i) => parsed.ids[i] === id)) return parsed.facts
  }
  const features = new Int8Array(group.length * viewCount * mergedLength)
  const facts: PixelFacts[] = []
  let running = Promise.resolve()
  for (let first = 0; first < group.length; first += batchSize) {
    const { pixels, facts: own } = await drawAll(group.slice(first, first + batchSize))
    facts.push(...own)
    // The backbone looks at this batch while the next one is drawn.
    await running
    running = runBackbone(session, pixels).then((seen) =>
      quantise(seen, features, first * viewCount * mergedLength),
    )
  }
  await running
  await writeFile(`${factsPath}.part`, JSON.stringify({ ids: group.map(({ id }) => id), facts }))
  await rename(`${factsPath}.part`, factsPath)
  await writeGroup(folder, number, features)
  return facts
}

/** Drawables shown to the backbone at once. */
const batchSize = 8

export async function drawAll(
  drawables: readonly Drawable[],
): Promise<{ pixels: Float32Array; facts: PixelFacts[] }> {
  const length = viewCount * viewLength
  const pixels = new Float32Array(drawables.length * length)
  const facts = await Promise.all(
    drawables.map((drawable, i) => drawable.draw(pixels.subarray(i * length, (i + 1) * length))),
  )
  return { pixels, facts }
}

export async function runBackbone(session: Session, pixels: Float32Array): Promise<Float32Array> {
  const dims = [pixels.length / viewLength, 3, imageSize, imageSize]
  const { features } = await session.run({ pixel_values: { type: 'float32', dims, data: pixels } })
  return features!.data as Float32Array
}
