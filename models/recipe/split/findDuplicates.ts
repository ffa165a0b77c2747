/** Finds training pictures that are, to the eye, held-out ones under whatever name. */
import type { PixelFacts } from '../features/computeGroups.js'
import type { Part } from './assignParts.js'
import { looksSame, toThumbnail } from './thumbnail.js'

export interface Duplicate {
  /** Number of the training picture. */
  readonly training: number
  /** Number of a held-out picture that it looks like. */
  readonly heldOut: number
}

/** Every training picture that looks like a held-out one, with the first such. */
export function findDuplicates(parts: readonly Part[], facts: readonly PixelFacts[]): Duplicate[] {
  const thumbnails = facts.map((fact) =>
    fact === null ? null : toThumbnail(Buffer.from(fact.thumbnail, 'base64')),
  )
  const heldOut = parts.flatMap((part, i) => (isHeldOut(part) && thumbnails[i] ? [i] : []))
  return parts.flatMap((part, training): Duplicate[] => {
    const own = thumbnails[training]
    if (part !== 'training' || !own) return []
    const found = heldOut.find((i) => looksSame(own, thumbnails[i]!))
    return found === undefined ? [] : [{ training, heldOut: found }]
  })
}

function isHeldOut(part: Part): boolean {
  return part === 'vendor' || part === 'concept' || part === 'stamp'
}
