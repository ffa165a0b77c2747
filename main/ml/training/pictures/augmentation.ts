/** Random changes to training pictures: which there are, how strong, and what one sample draws. */
import { createRandom, type Random } from '../random.js'

/** Strengths as ranges and probabilities. */
export interface AugmentationSettings {
  /** Share of the picture's area that a crop keeps. */
  readonly cropArea: readonly [number, number]
  /** Width over height of a crop. */
  readonly cropAspect: readonly [number, number]
  readonly flipProbability: number
  readonly jitterProbability: number
  /** Largest relative change of brightness, contrast and saturation. */
  readonly jitter: number
  readonly greyProbability: number
  readonly blurProbability: number
}

/**
 * Mild, because captions name colours and positions: no change of hue, little grey, large crops,
 * and no flip where the words forbid it (see `mayMirror`).
 */
export const defaultAugmentation: AugmentationSettings = {
  cropArea: [0.6, 1],
  cropAspect: [0.8, 1.25],
  flipProbability: 0.5,
  jitterProbability: 0.5,
  jitter: 0.25,
  greyProbability: 0.03,
  blurProbability: 0.1,
}

/**
 * Strong, as nothing but the picture itself should be left to know its other view by: SimCLR's (Chen
 * et al. 2020), without its change of hue.
 */
export const viewAugmentation: AugmentationSettings = {
  cropArea: [0.2, 1],
  cropAspect: [0.75, 4 / 3],
  flipProbability: 0.5,
  jitterProbability: 0.8,
  jitter: 0.4,
  greyProbability: 0.2,
  blurProbability: 0.3,
}

/** What happens to one picture. Lengths are shares of the stored picture's side. */
export interface Augmentation {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly flip: boolean
  /** Factors; 1 changes nothing, a saturation of 0 makes grey. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  readonly blur: boolean
}

/** The whole picture as it is. */
export const unchanged: Augmentation = {
  left: 0,
  top: 0,
  width: 1,
  height: 1,
  flip: false,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  blur: false,
}

/** What (seed, epoch, sample, view) draws: always the same, so that a picture can be made again. */
export function drawAugmentation(
  settings: AugmentationSettings,
  seed: number,
  epoch: number,
  sample: number,
  view = 0,
): Augmentation {
  const views = view === 0 ? [] : [view]
  const random = createRandom(seed, augmentStream, epoch, sample, ...views)
  const area = random.between(...settings.cropArea)
  const aspect = Math.exp(random.between(...mapPair(settings.cropAspect, Math.log)))
  const width = Math.min(1, Math.sqrt(area * aspect))
  const height = Math.min(1, Math.sqrt(area / aspect))
  return {
    width,
    height,
    left: random.between(0, 1 - width),
    top: random.between(0, 1 - height),
    flip: random.next() < settings.flipProbability,
    ...drawColours(settings, random),
    blur: random.next() < settings.blurProbability,
  }
}

const augmentStream = 3

function drawColours(settings: AugmentationSettings, random: Random) {
  const strength = random.next() < settings.jitterProbability ? settings.jitter : 0
  const factor = () => random.between(1 - strength, 1 + strength)
  const colours = { brightness: factor(), contrast: factor(), saturation: factor() }
  return random.next() < settings.greyProbability ? { ...colours, saturation: 0 } : colours
}

function mapPair(
  [low, high]: readonly [number, number],
  change: (value: number) => number,
): [number, number] {
  return [change(low), change(high)]
}
