/** Which pairs of a batch mean the same, so that none of them counts as another's negative. */

/** A caption as it is compared with others: case, punctuation at the ends and spacing do not count. */
export function normaliseCaption(caption: string): string {
  return caption
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,;:!?"']+|[\s.,;:!?"']+$/g, '')
}

/** Numbers for texts, equal for equal texts; `undefined` gets -1, which equals nothing. */
export function numberTexts(texts: Iterable<string | undefined>): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(texts, (text) => {
    if (text === undefined) return -1
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  })
}

/**
 * Group numbers of a batch's pairs: those with the same caption or the same label are in one group,
 * as are those linked through others.
 *
 * @param keys per kind of key (captions, labels) one number per pair; -1 links nothing
 */
export function linkGroups(size: number, keys: readonly Int32Array[]): Int32Array {
  const groups = Int32Array.from({ length: size }, (_, i) => i)
  const find = (i: number): number => {
    let root = i
    while (groups[root] !== root) root = groups[root]!
    groups[i] = root
    return root
  }
  for (const numbers of keys) {
    const first = new Map<number, number>()
    numbers.forEach((number, i) => {
      if (number < 0) return
      const other = first.get(number)
      if (other === undefined) first.set(number, i)
      else groups[find(i)] = find(other)
    })
  }
  return groups.map((_, i) => find(i))
}
