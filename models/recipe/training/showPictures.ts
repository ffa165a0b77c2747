/** What the image tower is shown of the pictures of a batch: a view of each, changed a little. */
import { createRandom, type Random } from '../../../main/ml/training/random.js'
import type { BatchPart } from '../../../main/ml/training/step/contrastiveBatch.js'
import { featureChannels } from '../backbone/buildBackbone.js'
import { mergedCells, mergedLength } from '../backbone/mergeCells.js'
import { type FeatureReader, viewCount } from '../features/featureStore.js'
import type { TrainingItem } from './dataset.js'

export interface ShownPictures {
  readonly features: FeatureReader
  readonly items: readonly TrainingItem[]
  /** The batch, by number of item. */
  readonly picked: Int32Array
  /** How often a picture is mixed with a sibling. */
  readonly mixShare: number
  readonly seed: number
  readonly epoch: number
}

/** How often a picture is seen as it is, not changed. */
const plainShare = 0.4
/** The most of a mixed picture that is the sibling. */
const mostOfSibling = 0.5
/** Share of a picture's cells that are blanked, so that no single one is relied on. */
const blankShare = 0.1

/** `features` [count, cells, channels]; the same seed, epoch and item always give the same. */
export function showPictures(shown: ShownPictures): BatchPart {
  const { features, items, picked, mixShare, seed, epoch } = shown
  const sibling = new Float32Array(mergedLength)
  return (start, count) => {
    const data = new Float32Array(count * mergedLength)
    for (let i = 0; i < count; i++) {
      const number = picked[start + i]!
      const item = items[number]!
      const random = createRandom(seed, viewStream, epoch, number)
      const own = data.subarray(i * mergedLength, (i + 1) * mergedLength)
      features.read(...pickView([item.feature, ...item.further], random), own, 0)
      if (item.siblings.length > 0 && random.next() < mixShare) {
        const other = item.siblings[random.integer(item.siblings.length)]!
        features.read(...pickView([other], random), sibling, 0)
        mix(own, sibling, random.next() * mostOfSibling)
      }
      blankCells(own, random)
    }
    return {
      features: { type: 'float32', dims: [count, mergedCells, featureChannels], data },
    }
  }
}

/** @param numbers under which its views lie; the first view of the first is the plain one */
function pickView(numbers: readonly number[], random: Random): [number: number, view: number] {
  if (random.next() < plainShare) return [numbers[0]!, 0]
  const drawn = 1 + random.integer(numbers.length * viewCount - 1)
  return [numbers[Math.floor(drawn / viewCount)]!, drawn % viewCount]
}

/**
 * [Note: between two drawings]
 * What lies between two drawings of one thing is a drawing of it too, by a hand that nobody has seen
 * (mixup, Zhang et al. 2018, within a class). The model finds the drawings that it was trained with
 * far better than those of an unseen hand, and this is where it learns that hands differ.
 */
function mix(own: Float32Array, sibling: Float32Array, share: number): void {
  for (let k = 0; k < own.length; k++) own[k] = own[k]! * (1 - share) + sibling[k]! * share
}

function blankCells(own: Float32Array, random: Random): void {
  for (let cell = 0; cell < mergedCells; cell++) {
    if (random.next() >= blankShare) continue
    own.fill(0, cell * featureChannels, (cell + 1) * featureChannels)
  }
}

const viewStream = 17
