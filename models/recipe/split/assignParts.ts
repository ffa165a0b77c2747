/** Which part of the corpus each picture belongs to, decided by names alone before any training. */
import { createHash } from 'node:crypto'
import type { Collection, Picture } from '../corpus/picture.js'

/**
 * `vendor`: the held-out vendor, concepts that other vendors' pictures may teach.
 * `concept`: the held-out vendor, concepts that no training picture shows.
 * `stamp`: held-out stamps. `unused`: held-out concepts as others draw them.
 */
export type Part = 'training' | 'vendor' | 'concept' | 'stamp' | 'unused'

export const heldOutVendor: Collection = 'facebook'
/** Held out of what is trained on, to choose settings by. */
const validationVendor: Collection = 'google'
/**
 * A fifth of the concepts that all vendors draw, rounded up to the number that the project's first
 * trial asked for, so that both are measured on galleries of one size.
 */
export const heldOutConcepts = 339
const heldOutStampShare = 0.2

/** One part for each picture. The same corpus always gives the same parts. */
export function assignParts(pictures: readonly Picture[], heldOut = heldOutVendor): Part[] {
  const vendor = pictures.filter((picture) => picture.collection === heldOut)
  const concepts = new Set(lottery(vendor.map((p) => p.concept)).slice(0, heldOutConcepts))
  const names = new Set(
    vendor.filter((p) => concepts.has(p.concept)).flatMap((p) => [p.name, ...p.aliases]),
  )
  const stampNames = pictures.filter((p) => p.collection === 'stamps').map((p) => p.concept)
  const drawn = lottery(stampNames)
  const stamps = new Set(drawn.slice(0, Math.round(heldOutStampShare * drawn.length)))
  return pictures.map((picture) => {
    const { collection, concept, name } = picture
    if (collection === heldOut) return concepts.has(concept) ? 'concept' : 'vendor'
    if (collection === 'stamps') return stamps.has(concept) ? 'stamp' : 'training'
    if (concepts.has(concept)) return 'unused'
    // Icons that are no emoji by code may still be one by name.
    return isOtherIcon(collection) && names.has(name) ? 'unused' : 'training'
  })
}

/**
 * The same once more within what is trained on: another vendor, other concepts and stamps. Settings
 * are chosen by these, so that what is held out for the figures has no part in it.
 *
 * @param parts as of `assignParts`; what they hold out is unused
 */
export function holdOutAgain(pictures: readonly Picture[], parts: readonly Part[]): Part[] {
  const left = parts.flatMap((part, i) => (part === 'training' ? [i] : []))
  const again = assignParts(
    left.map((i) => pictures[i]!),
    validationVendor,
  )
  const all = parts.map((): Part => 'unused')
  for (const [k, i] of left.entries()) all[i] = again[k]!
  return all
}

function isOtherIcon(collection: Collection): boolean {
  return collection === 'openmoji' || collection === 'flat-color-icons'
}

/** The distinct keys in an order that has nothing to do with what they mean. */
function lottery(keys: readonly string[]): string[] {
  const ticket = (key: string) => createHash('sha256').update(`semblance/${key}`).digest('hex')
  return [...new Set(keys)]
    .map((key) => ({ key, ticket: ticket(key) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .map(({ key }) => key)
}
