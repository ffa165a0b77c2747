/** Finds pictures that belong together, so that a split never parts them. */
import { createUnionFind } from '../../platform/unionFind.js'
import type { Collection, LinkRule } from './linkRule.js'
import { linkRules } from './table.js'

export interface LinkedPictures {
  /** For each picture the index of its component's first one. */
  readonly components: Int32Array
  /** Rules that would have chained too many pictures, with how many of their links were left out. */
  readonly cut: readonly { readonly rule: string; readonly links: number }[]
}

/*
 * [Note: chains of links]
 * In a holiday of a thousand photos each is like the next one. Linked all the same, they would be one
 * component that no part but training can take, and nothing could be measured. So a rule whose links
 * chain may make groups of a twentieth of the collection by itself, its surest links first; links
 * beyond that are left out and told of.
 */
const largestShare = 1 / 20
const largestAtLeast = 10

/** Links the pictures by every rule of the table, also through others. */
export async function linkPictures(
  collection: Collection,
  signal: AbortSignal,
): Promise<LinkedPictures> {
  const components = createUnionFind(collection.pairs.length)
  const cut: { rule: string; links: number }[] = []
  for (const rule of linkRules) {
    const links = await applyRule(rule, collection, components.union, signal)
    if (links > 0) cut.push({ rule: rule.name, links })
  }
  return { components: components.groups(), cut }
}

/** How many of the rule's links were left out. */
async function applyRule(
  rule: LinkRule,
  collection: Collection,
  union: (a: number, b: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const count = collection.pairs.length
  const largest = rule.chains
    ? Math.max(largestAtLeast, Math.ceil(count * largestShare))
    : Number.POSITIVE_INFINITY
  const own = createUnionFind(count)
  const sizes = new Int32Array(count).fill(1)
  let leftOut = 0
  await rule.find(
    collection,
    (a, b) => {
      const [first, second] = [own.find(a), own.find(b)]
      if (first === second) return
      const size = sizes[first]! + sizes[second]!
      if (size > largest) {
        leftOut++
        return
      }
      own.union(first, second)
      sizes[own.find(first)] = size
      union(a, b)
    },
    signal,
  )
  return leftOut
}
