/** Finds rows, sections and neighbours in a layout. */
import type { PlacedSection, RowLayout } from './rowLayout.js'

/** The first place in [0, count) at which `holds`, which once true stays true; `count` if nowhere. */
function firstWhere(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The first row that reaches below `top`; the number of rows if none does. */
export function rowBelow({ rows, tops, heights }: RowLayout, top: number): number {
  return firstWhere(rows, (row) => tops[row]! + heights[row]! > top)
}

/** The row that holds a photo. */
export function rowOf({ rows, firstPhotos }: RowLayout, photo: number): number {
  return firstWhere(rows, (row) => firstPhotos[row + 1]! > photo)
}

/** The section that covers `top`; the first or last one beyond the ends. */
export function sectionAt({ sections }: RowLayout, top: number): PlacedSection | undefined {
  return sections[
    Math.min(
      sections.length - 1,
      firstWhere(sections.length, (i) => sections[i]!.bottom > top),
    )
  ]
}

export function middleOf({ lefts, widths }: RowLayout, photo: number): number {
  return lefts[photo]! + widths[photo]! / 2
}

/**
 * The photo of a row that stands at `x`, or is nearest to it. Whoever walks up and down by the same
 * `x` comes back by the way he went.
 */
export function photoInRow(layout: RowLayout, row: number, x: number): number {
  const [first, end] = [layout.firstPhotos[row]!, layout.firstPhotos[row + 1]!]
  const after = firstWhere(end - first, (i) => layout.lefts[first + i]! > x)
  return first + Math.max(0, after - 1)
}
