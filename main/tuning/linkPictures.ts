/** Finds pictures that belong together, so that a split never parts them. */
import { basename, dirname, extname } from 'node:path'
import type { TrainingPair } from '../../shared/domain/training.js'
import { hammingDistance, type PictureFingerprint } from './perceptualHash.js'

/** Hashes that differ in at most so many bits are of the same picture. */
const maxHashDistance = 6
/** Largest difference of mean colours, in levels of 255. */
const maxColourDistance = 24
/** A caption of so many words that two pictures share was written for one occasion. */
const occasionWords = 4
/** A caption of more pictures than this is a series' name rather than an occasion's. */
const occasionPictures = 20

/**
 * The component of each picture: linked are near-duplicate pixels, edits and copies of one file
 * ("x-edited", "x (1)"), and pictures with the same long caption.
 *
 * @param fingerprints of each pair's picture, null where it cannot be read
 * @returns for each pair the index of its component's first pair
 */
export function linkPictures(
  pairs: readonly TrainingPair[],
  fingerprints: readonly (PictureFingerprint | null)[],
): Int32Array {
  const components = createUnionFind(pairs.length)
  linkEqual(components, pairs, ({ image }) => [image])
  linkEqual(components, pairs, ({ image }) => [stemOf(image)])
  linkEqual(
    components,
    pairs,
    ({ captions }) => new Set(captions.filter((text) => text.split(/\s+/).length >= occasionWords)),
    occasionPictures,
  )
  for (const bucket of hashBuckets(fingerprints)) linkAlike(components, bucket, fingerprints)
  return Int32Array.from(pairs, (_, i) => components.find(i))
}

/** Links pairs that share a key; keys that more than `most` share tell nothing. */
function linkEqual(
  components: UnionFind,
  pairs: readonly TrainingPair[],
  keysOf: (pair: TrainingPair) => Iterable<string>,
  most = Number.POSITIVE_INFINITY,
): void {
  const members = new Map<string, number[]>()
  pairs.forEach((pair, i) => {
    for (const key of keysOf(pair)) {
      const known = members.get(key)
      if (known) known.push(i)
      else members.set(key, [i])
    }
  })
  for (const [first, ...others] of members.values()) {
    if (others.length < most) for (const other of others) components.union(first!, other)
  }
}

/** The name that a file's edits and copies share. */
function stemOf(path: string): string {
  const name = basename(path, extname(path))
  const stem = name.replace(/([-_ ](edited|edit|bearbeitet|copy|kopie))+$|\s?\(\d+\)$/i, '')
  return `${dirname(path)}/${stem === '' ? name : stem}`
}

/**
 * Groups in which all hashes near each other meet: 64 bits in seven bands, so that six differing
 * bits leave at least one band whole (pigeonhole).
 */
function hashBuckets(fingerprints: readonly (PictureFingerprint | null)[]): Iterable<number[]> {
  const buckets = new Map<string, number[]>()
  fingerprints.forEach((fingerprint, i) => {
    if (fingerprint === null) return
    const bits =
      fingerprint.high.toString(2).padStart(32, '0') + fingerprint.low.toString(2).padStart(32, '0')
    for (let band = 0; band <= maxHashDistance; band++) {
      const start = Math.round((band * 64) / (maxHashDistance + 1))
      const end = Math.round(((band + 1) * 64) / (maxHashDistance + 1))
      const key = `${band}:${bits.slice(start, end)}`
      const bucket = buckets.get(key)
      if (bucket) bucket.push(i)
      else buckets.set(key, [i])
    }
  })
  return buckets.values()
}

function linkAlike(
  components: UnionFind,
  bucket: readonly number[],
  fingerprints: readonly (PictureFingerprint | null)[],
): void {
  for (let i = 0; i < bucket.length; i++) {
    for (let j = i + 1; j < bucket.length; j++) {
      const [a, b] = [bucket[i]!, bucket[j]!]
      if (components.find(a) === components.find(b)) continue
      if (areAlike(fingerprints[a]!, fingerprints[b]!)) components.union(a, b)
    }
  }
}

function areAlike(a: PictureFingerprint, b: PictureFingerprint): boolean {
  if (hammingDistance(a, b) > maxHashDistance) return false
  return a.colour.every((level, i) => Math.abs(level - b.colour[i]!) <= maxColourDistance)
}

interface UnionFind {
  find(item: number): number
  union(a: number, b: number): void
}

function createUnionFind(size: number): UnionFind {
  const parent = Int32Array.from({ length: size }, (_, i) => i)
  const find = (item: number): number => {
    let root = item
    while (parent[root] !== root) root = parent[root]!
    for (let at = item; at !== root; ) {
      const next = parent[at]!
      parent[at] = root
      at = next
    }
    return root
  }
  return {
    find,
    union(a, b) {
      const [first, second] = [find(a), find(b)]
      parent[Math.max(first, second)] = Math.min(first, second)
    },
  }
}
