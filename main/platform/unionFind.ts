/** Groups of things that are linked, also through others (union-find, Tarjan 1975). */

export interface UnionFind {
  /** The smallest item of the group that `item` is in. */
  find(item: number): number
  union(a: number, b: number): void
  /** For each item the smallest one of its group. */
  groups(): Int32Array
}

/** The items 0 .. size - 1, each a group of its own. */
export function createUnionFind(size: number): UnionFind {
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
    groups: () => parent.map((_, item) => find(item)),
  }
}
