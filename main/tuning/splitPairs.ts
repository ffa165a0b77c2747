/** Splits pairs into parts to learn from, to choose by and to measure on, without leaks between them. */
import type { TrainingPair } from '../../shared/domain/training.js'
import { joinLearned, type LearnedPictures } from '../ml/clip/modelDirectory/learnedPictures.js'
import { createRandom, shuffledIndices } from '../ml/training/random.js'
import type { RunPictures, SplitPairs } from '../ml/training/workFolder.js'
import { learnedComponents } from './linking/learnedComponents.js'
import { indexLearned } from './linking/learnedIndex.js'
import { type LinkedPictures, linkPictures } from './linking/linkPictures.js'
import {
  type EvidenceOptions,
  gatherEvidence,
  type PictureEvidence,
  printOf,
} from './linking/pictureEvidence.js'

/** With fewer held-out pictures than this, recall says nothing. */
export const leastMeasured = 10

export interface SplitOptions extends Omit<EvidenceOptions, 'lookAt'> {
  /** Shares of the pictures that are not trained on, 0 to 1. */
  readonly holdOut: number
  readonly validation: number
  readonly seed: number
  /** What the model to start from has learned from; see `readLearned`. */
  readonly learned?: LearnedPictures | null
}

export interface PreparedSplit {
  readonly pairs: SplitPairs
  readonly pictures: RunPictures
  /** What to tell of the split, in sentences. */
  readonly notices: readonly string[]
}

/**
 * Splits by components of linked pictures (see `linkPictures`), the same way for the same seed.
 *
 * Unreadable pictures stay in the training part, where the trainer reports them. Nothing is held out
 * that the model to start from has learned from, nor anything of too few pairs.
 */
export async function splitPairs(
  pairs: readonly TrainingPair[],
  { holdOut, validation, seed, learned = null, embed = null, ...options }: SplitOptions,
): Promise<PreparedSplit> {
  const wanted = Math.round(pairs.length * holdOut)
  const isSplit = wanted >= leastMeasured
  const evidence = await gatherEvidence(pairs, { ...options, embed: isSplit ? embed : null })
  if (!isSplit) {
    const whole = { train: pairs, validation: [], heldOut: [] }
    return { pairs: whole, pictures: picturesOf(whole, pairs, evidence, learned), notices: [] }
  }
  const linked = await linkPictures({ pairs, evidence }, options.signal)
  const seen = learnedComponents(linked.components, evidence, indexLearned([learned]))
  const shares = { heldOut: wanted, validation: Math.round(pairs.length * validation) }
  const pick = (partOf: ReadonlyMap<number, Part>) => {
    const of = (part: Part) =>
      pairs.filter((_, i) => (partOf.get(linked.components[i]!) ?? 'train') === part)
    return { train: of('train'), validation: of('validation'), heldOut: of('heldOut') }
  }
  let split = pick(assignParts(linked.components, evidence, seen, seed, shares))
  if (seen.size > 0 && split.heldOut.length < leastMeasured) {
    split = pick(assignParts(linked.components, evidence, seen, seed, { ...shares, heldOut: 0 }))
  }
  return {
    pairs: split,
    pictures: picturesOf(split, pairs, evidence, learned),
    notices: [...describeCuts(linked), ...describeSeen(split, linked.components, seen)],
  }
}

type Part = keyof SplitPairs

/** Components in random order, each given to the first part that may have it and wants so many. */
function assignParts(
  components: Int32Array,
  { fingerprints }: PictureEvidence,
  seen: ReadonlySet<number>,
  seed: number,
  wanted: Readonly<Record<Exclude<Part, 'train'>, number>>,
): ReadonlyMap<number, Part> {
  const sizes = new Map<number, number>()
  components.forEach((root, i) => {
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
    const parts = seen.has(root) ? (['validation'] as const) : (['heldOut', 'validation'] as const)
    const part = parts.find((one) => size <= left[one])
    if (part === undefined) continue
    partOf.set(root, part)
    left[part] -= size
  }
  return partOf
}

function picturesOf(
  { heldOut }: SplitPairs,
  pairs: readonly TrainingPair[],
  evidence: PictureEvidence,
  parents: LearnedPictures | null,
): RunPictures {
  const contents = new Map<string, string>()
  const isHeldOut = new Set(heldOut.map(({ image }) => image))
  const pictures = pairs.flatMap(({ image }, i) => {
    const content = evidence.contents[i]
    if (content) contents.set(image, content)
    const print = isHeldOut.has(image) ? null : printOf(evidence, i)
    return print === null ? [] : [print]
  })
  return { contents, learned: joinLearned({ pictures, complete: true }, parents) }
}

function describeCuts({ cut }: LinkedPictures): string[] {
  return cut.map(
    ({ rule, links }) =>
      `Pictures that belong together stay in one part of the split. By ${rule}, too many would have been chained to one another; ${links} of these links, the least sure ones, are left out.`,
  )
}

function describeSeen(
  { heldOut }: SplitPairs,
  components: Int32Array,
  seen: ReadonlySet<number>,
): string[] {
  if (seen.size === 0) return []
  const pictures = components.filter((component) => seen.has(component)).length
  const measured =
    heldOut.length === 0
      ? 'Nothing is left to measure on'
      : `${heldOut.length} others are held out to measure on`
  return [
    `The model to start from has learned from ${pictures} of the ${components.length} pictures, or from pictures linked to them. ${measured}.`,
  ]
}
