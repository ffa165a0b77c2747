/** Links pictures that share a key. */
import type { Link } from './linkRule.js'

/** Keys that more than `most` pictures share tell nothing. */
export function linkEqual<T>(
  items: readonly T[],
  keysOf: (item: T) => Iterable<string>,
  link: Link,
  most = Number.POSITIVE_INFINITY,
): void {
  const members = new Map<string, number[]>()
  items.forEach((item, i) => {
    for (const key of keysOf(item)) {
      const known = members.get(key)
      if (known) known.push(i)
      else members.set(key, [i])
    }
  })
  for (const [first, ...others] of members.values()) {
    if (others.length < most) for (const other of others) link(first!, other)
  }
}
