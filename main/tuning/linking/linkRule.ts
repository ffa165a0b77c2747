/** What a rule is that tells which pictures belong together. */
import type { TrainingPair } from '../../../shared/domain/training.js'
import type { PictureEvidence } from './pictureEvidence.js'

/** Pictures to be linked, by their index. */
export interface Collection {
  readonly pairs: readonly TrainingPair[]
  readonly evidence: PictureEvidence
}

/** Takes two pictures that belong together. */
export type Link = (a: number, b: number) => void

export interface LinkRule {
  /** What it goes by, as a sentence goes on after "linked by". */
  readonly name: string
  /**
   * Whether its links can chain: a first picture like a second, that like a third, and the first not
   * like the third at all. Such a rule gives its surest links first; see `linkPictures`.
   */
  readonly chains: boolean
  /** Gives way to others now and then: a large collection takes seconds. */
  readonly find: (collection: Collection, link: Link, signal: AbortSignal) => Promise<void>
}
