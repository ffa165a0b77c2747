/** Tells whether a picture is one that models have learned from. */
import type {
  LearnedPicture,
  LearnedPictures,
} from '../../ml/clip/modelDirectory/learnedPictures.js'
import { areAlike, bandsOf } from './hashBands.js'
import type { PictureFingerprint } from './perceptualHash.js'

export interface LearnedIndex {
  readonly size: number
  /** By its bytes, or else by how it looks; either may be unknown. */
  has(content: string | null, fingerprint: PictureFingerprint | null): boolean
}

export function indexLearned(lists: readonly (LearnedPictures | null)[]): LearnedIndex {
  const byContent = new Map<string, LearnedPicture>()
  for (const list of lists) {
    for (const picture of list?.pictures ?? []) byContent.set(picture.content, picture)
  }
  const byBand = new Map<number, LearnedPicture[]>()
  for (const picture of byContent.values()) {
    for (const band of bandsOf(picture)) {
      const bucket = byBand.get(band)
      if (bucket) bucket.push(picture)
      else byBand.set(band, [picture])
    }
  }
  return {
    size: byContent.size,
    has(content, fingerprint) {
      if (content !== null && byContent.has(content)) return true
      if (fingerprint === null) return false
      const near = bandsOf(fingerprint).map((band) => byBand.get(band) ?? [])
      return near.some((bucket) => bucket.some((picture) => areAlike(picture, fingerprint)))
    },
  }
}
