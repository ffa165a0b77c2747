/** Splits pairs into parts to learn from, to choose by and to measure on, without leaks between them. */
import type { TrainingPair } from '../../shared/domain/training.js'
import { isAppError } from '../../shared/errors.js'
import { createRandom, shuffledIndices } from '../ml/training/random.js'
import type { SplitPairs } from '../ml/training/workFolder.js'
import { mapBounded } from '../platform/mapBounded.js'
import { linkPictures } from './linkPictures.js'
import { fingerprintPicture, type PictureFingerprint } from './perceptualHash.js'

const picturesAtOnce = 4
/** With fewer held-out pictures than this, recall says nothing. */
const leastHeldOut = 10

export interface SplitOptions {
  /** Shares of the pictures that are not trained on, 0 to 1. */
  readonly holdOut: number
  readonly validation: number
  readonly seed: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Splits by components of linked pictures (see `linkPictures`), the same way for the same seed.
 *
 * Unreadable pictures stay in the training part, where the trainer reports them. Of too few pairs
 * none are held out.
 */
export async function splitPairs(
  pairs: readonly TrainingPair[],
  { holdOut, validation, seed, signal, onProgress }: SplitOptions,
): Promise<SplitPairs> {
  const wanted = Math.round(pairs.length * holdOut)
  if (wanted < leastHeldOut) return { train: pairs, validation: [], heldOut: [] }
  let done = 0
  const fingerprints = await mapBounded(pairs, picturesAtOnce, async ({ image }) => {
    signal.throwIfAborted()
    const fingerprint = await fingerprintOrNull(image)
    onProgress(++done, pairs.length)
    return fingerprint
  })
  const component = linkPictures(pairs, fingerprints)
  const partOf = assignParts(component, fingerprints, seed, {
    heldOut: wanted,
    validation: Math.round(pairs.length * validation),
  })
  const pick = (part: Part) =>
    pairs.filter((_, i) => (partOf.get(component[i]!) ?? 'train') === part)
  return { train: pick('train'), validation: pick('validation'), heldOut: pick('heldOut') }
}

async function fingerprintOrNull(path: string): Promise<PictureFingerprint | null> {
  try {
    return await fingerprintPicture(path)
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

type Part = keyof SplitPairs

/** Components in random order, each given to the first part that still wants so many pictures. */
function assignParts(
  component: Int32Array,
  fingerprints: readonly (PictureFingerprint | null)[],
  seed: number,
  wanted: Readonly<Record<Exclude<Part, 'train'>, number>>,
): ReadonlyMap<number, Part> {
  const sizes = new Map<number, number>()
  component.forEach((root, i) => {
    // Nothing can be measured on an unreadable picture; its component is left to training.
    const size = fingerprints[i] === null ? Number.POSITIVE_INFINITY : 1
    sizes.set(root, (sizes.get(root) ?? 0) + size)
  })
  const roots = [...sizes.keys()]
  const left = { ...wanted }
  const partOf = new Map<number, Part>()
  for (const index of shuffledIndices(roots.length, createRandom(seed, 0x5eed))) {
    const root = roots[index]!
    const size = sizes.get(root)!
    const part = (['heldOut', 'validation'] as const).find((one) => size <= left[one])
    if (part === undefined) continue
    partOf.set(root, part)
    left[part] -= size
  }
  return partOf
}
