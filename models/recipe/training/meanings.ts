/** Numbers for what captions mean and what is true of pictures, from which positives are found. */

export interface Meanings {
  /** Number of each caption's meaning. */
  readonly ofCaptions: Int32Array
  /** Row of `table` of each item; items of which the same is true share one. */
  readonly ofItems: Int32Array
  /** `[rows, width]`: the numbers of all meanings that are true of an item, -1 where there are no more. */
  readonly table: Int32Array
  readonly width: number
}

/**
 * [Note: a bus is a vehicle]
 * A caption is right for every picture that its meaning is true of, not only for the one it was
 * written for: "a vehicle" for the bus whose own caption in the batch is "bus". Counted as wrong, such
 * pairs taught the model to keep kinds and their members apart.
 *
 * @param captions the meaning of each caption
 * @param items the meanings that are true of each item
 */
export function numberMeanings(
  captions: readonly string[],
  items: readonly (readonly string[])[],
): Meanings {
  const numbers = new Map<string, number>()
  const ofCaptions = Int32Array.from(captions, (meaning) => {
    const known = numbers.get(meaning) ?? numbers.size
    numbers.set(meaning, known)
    return known
  })
  const rows = new Map<string, number>()
  const lists: number[][] = []
  const ofItems = Int32Array.from(items, (meanings) => {
    // What no caption says need not be compared with any.
    const said = meanings.flatMap((meaning) => numbers.get(meaning) ?? [])
    const list = [...new Set(said)].sort((a, b) => a - b)
    const key = list.join(' ')
    const known = rows.get(key) ?? rows.size
    if (known === lists.length) lists.push(list)
    rows.set(key, known)
    return known
  })
  const width = Math.max(1, ...lists.map((list) => list.length))
  const table = new Int32Array(lists.length * width).fill(-1)
  for (const [row, list] of lists.entries()) table.set(list, row * width)
  return { ofCaptions, ofItems, table, width }
}
