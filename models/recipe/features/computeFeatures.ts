/** What the backbone sees in every picture, and in scenes that are put together from them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../main/ml/onnx/writeModel.js'
import { openSessionInWorker } from '../../../main/ml/runtime/openSessionInWorker.js'
import type { Session } from '../../../main/ml/runtime/session.js'
import { backbonePath } from '../backbone/backbonePaths.js'
import { addBackbone, featureChannels, imageSize } from '../backbone/buildBackbone.js'
import { addMerge, mergedCells } from '../backbone/mergeCells.js'
import { readTfjsModel } from '../backbone/readTfjsModel.js'
import { type Picture, photographed } from '../corpus/picture.js'
import { readBackgrounds } from './backgrounds.js'
import { computeGroups, drawAll, type PixelFacts, runBackbone } from './computeGroups.js'
import { drawPicture } from './drawPicture.js'
import { drawScene } from './drawScene.js'
import { featureLimit } from './featureStore.js'
import { composeScenes, type Scene } from './scenes.js'
import { type FeatureStatistics, measureStatistics, readStatistics } from './statistics.js'

export interface ComputedFeatures {
  /** Of the pictures' features. */
  readonly folder: string
  readonly statistics: FeatureStatistics
  /** In the pictures' order. */
  readonly facts: readonly PixelFacts[]
  /** Put together from pictures that are trained on; their features lie in `scenesFolder`. */
  readonly scenes: readonly Scene[]
  readonly scenesFolder: string
  /** Further views of pictures; their features lie in `roundsFolder`. */
  readonly rounds: readonly Round[]
  readonly roundsFolder: string
}

/** As many views more of a picture as every picture has. */
export interface Round {
  /** By index. */
  readonly picture: number
  /** Counted from 1. */
  readonly round: number
}

export interface FeatureOptions {
  readonly folder: string
  /** Name of the folder in it for the features of scenes. */
  readonly scenes: string
  readonly report: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** Pictures that the statistics are measured on, by index. */
  readonly sample: readonly number[]
  /** Pictures that scenes may show, once what their pixels tell is known; by index. */
  readonly mayStandInScenes: (facts: readonly PixelFacts[]) => readonly number[]
}

/** Computes what is missing; a run that was broken off goes on with the next group. */
export async function computeFeatures(
  pictures: readonly Picture[],
  options: FeatureOptions,
): Promise<ComputedFeatures> {
  const { folder, report, signal, sample, mayStandInScenes } = options
  await mkdir(folder, { recursive: true })
  const backgrounds = await readBackgrounds(imageSize)
  const drawables = pictures.map((picture, i) => drawPicture(picture, i, backgrounds.photographs))
  const sampled = sample.map((i) => drawables[i]!)
  const statistics = await findStatistics(sampled, join(folder, 'statistics.json'))
  const session = await openBackbone(statistics)
  const scenesFolder = join(folder, options.scenes)
  const computing = { session, report, ...(signal ? { signal } : {}) }
  try {
    const facts = await computeGroups(drawables, { ...computing, folder })
    const allowed = mayStandInScenes(facts)
    const scenes = composeScenes(pictures, facts, allowed, backgrounds.byPath)
    const drawn = scenes.map((scene, i) => drawScene(scene, i, pictures, backgrounds.photographs))
    await computeGroups(drawn, { ...computing, folder: scenesFolder })
    const rounds = listRounds(pictures)
    const roundsFolder = join(folder, 'rounds')
    const further = rounds.map(({ picture, round }) =>
      drawPicture(pictures[picture]!, picture, backgrounds.photographs, round),
    )
    await computeGroups(further, { ...computing, folder: roundsFolder })
    return { folder, statistics, facts, scenes, scenesFolder, rounds, roundsFolder }
  } finally {
    await session.dispose()
  }
}

/** There are few photographs, so they come more often, and are known by heart from four views. */
const photographRounds = 4

function listRounds(pictures: readonly Picture[]): Round[] {
  return pictures.flatMap(({ collection }, picture) =>
    photographed.has(collection)
      ? Array.from({ length: photographRounds }, (_, i) => ({ picture, round: i + 1 }))
      : [],
  )
}

/** @param statistics null leaves features as they are, in 49 cells */
async function openBackbone(statistics: FeatureStatistics | null): Promise<Session> {
  const builder = new GraphBuilder('backbone')
  const pixels = builder.input('pixel_values', 'float32', ['batch', 3, imageSize, imageSize])
  const model = await readTfjsModel(backbonePath)
  const scale = statistics === null ? null : { ...statistics, limit: featureLimit }
  const cells = addBackbone(builder, model, pixels, scale)
  const features = scale === null ? cells : addMerge(builder, cells)
  const dims = ['batch', scale === null ? 'cells' : mergedCells, featureChannels]
  builder.output(features, 'float32', dims, 'features')
  return openSessionInWorker(writeModel(builder.build()), {
    device: 'cpu',
    threads: 1,
    transfer: true,
  })
}

async function findStatistics(
  sample: readonly ReturnType<typeof drawPicture>[],
  path: string,
): Promise<FeatureStatistics> {
  const known = await readStatistics(path)
  if (known !== null) return known
  const session = await openBackbone(null)
  const parts: Float32Array[] = []
  for (const drawable of sample) {
    const { pixels, facts } = await drawAll([drawable])
    if (facts[0] !== null) parts.push(await runBackbone(session, pixels))
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
