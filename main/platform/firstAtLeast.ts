/** The place of the first of rising numbers, from `from` on, that is no less; their count if all are. */
export function firstAtLeast(rising: Uint32Array, least: number, from = 0): number {
  let [low, high] = [from, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
