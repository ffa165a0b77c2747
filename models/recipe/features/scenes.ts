/** Decides what stands together in each of the scenes: pictures, how often, in front of what. */
import { createRandom, type Random } from '../../../main/ml/training/random.js'
import { captionedPhotographs } from '../corpus/captionedPhotographs.js'
import type { Picture } from '../corpus/picture.js'
import { captionedPath } from '../corpus/readCaptionedPhotographs.js'
import type { PixelFacts } from './computeGroups.js'

/** A picture in a scene. */
export interface SceneThing {
  /** By index. */
  readonly picture: number
  /** How often it stands there. */
  readonly count: number
  /** The colour that it is called by; null if none is told. */
  readonly colour: string | null
}

/** A place that words are known for. */
export interface SceneGround {
  readonly words: string
  /** Photographs of it, by number. */
  readonly photographs: readonly number[]
}

export interface Scene {
  readonly id: string
  readonly things: readonly SceneThing[]
  readonly ground: SceneGround | null
}

export const sceneCount = 2_400
const sceneStream = 23
/** Stamps are cut out of photographs, so a scene of them is nearest to one. */
const stampShare = 0.45

/**
 * The same pictures always give the same scenes.
 *
 * @param allowed pictures that may stand in scenes, by index
 * @param byPath numbers of the background photographs of each file
 */
export function composeScenes(
  pictures: readonly Picture[],
  facts: readonly PixelFacts[],
  allowed: readonly number[],
  byPath: ReadonlyMap<string, readonly number[]>,
): Scene[] {
  const stamps = allowed.filter((i) => pictures[i]!.collection === 'stamps')
  const others = allowed.filter((i) => pictures[i]!.collection !== 'stamps')
  if (others.length === 0) return []
  const grounds = captionedPhotographs.flatMap((photograph): SceneGround[] => {
    const photographs = byPath.get(captionedPath(photograph))
    if (photograph.ground === null || photographs === undefined) return []
    return [{ words: photograph.ground, photographs }]
  })
  return Array.from({ length: sceneCount }, (_, n) => {
    const random = createRandom(sceneStream, n)
    const pick = (): number => {
      const pool = stamps.length > 0 && random.next() < stampShare ? stamps : others
      return pool[random.integer(pool.length)]!
    }
    const things = chooseThings(random, pick, facts)
    const ground =
      grounds.length > 0 && random.next() < 0.35 ? grounds[random.integer(grounds.length)]! : null
    const told = things.map(({ picture, count }) => `${count} ${pictures[picture]!.id}`)
    return { id: `${told.join(' + ')} ${ground?.words ?? ''}`, things, ground }
  })
}

/** Two to four of one thing, two things, or a single one, most of them with their colour. */
function chooseThings(
  random: Random,
  pick: () => number,
  facts: readonly PixelFacts[],
): SceneThing[] {
  const kind = random.next()
  const thing = (count: number): SceneThing => {
    const picture = pick()
    return { picture, count, colour: random.next() < 0.6 ? (facts[picture]?.colour ?? null) : null }
  }
  if (kind < 0.35) return [thing(2 + random.integer(3))]
  if (kind < 0.8) return [thing(1), thing(1)]
  return [thing(1)]
}
