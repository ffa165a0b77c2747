/** Where each photo stands in a justified grid: rows of one width, pictures of one height in a row. */
import type { Section } from './sections.js'

export interface LayoutOptions {
  /** Width over height of each photo, in hundredths. */
  readonly ratios: ArrayLike<number>
  readonly sections: readonly Section[]
  readonly width: number
  /** What rows' heights are near to. */
  readonly rowHeight: number
  readonly gap: number
  /** Height of the headings of sections of each kind. */
  readonly headings: Readonly<Record<Section['kind'], number>>
}

export interface PlacedSection extends Section {
  /** Of its heading. */
  readonly top: number
  readonly bottom: number
  readonly firstRow: number
  readonly endRow: number
}

/** Columns over rows and over photos: objects for 100,000 photos would take long to make. */
export interface RowLayout {
  readonly rows: number
  /** [rows + 1]: the first photo of each row, then how many photos there are. */
  readonly firstPhotos: Uint32Array
  readonly tops: Float64Array
  readonly heights: Float64Array
  /** [photos]. */
  readonly lefts: Float32Array
  readonly widths: Float32Array
  readonly sections: readonly PlacedSection[]
  readonly height: number
}

/** Narrower and wider pictures are cropped: one of them would fill the window or be a line. */
const narrowest = 0.5
const widest = 3.2
/** An unfilled last row is filled if its pictures grow by no more than this. */
const largestGrowth = 1.25

export function layOutRows(options: LayoutOptions): RowLayout {
  const { ratios, sections, gap, headings } = options
  const width = Math.max(1, Math.floor(options.width))
  const count = ratios.length
  const firstPhotos = new Uint32Array(count + 1)
  const tops = new Float64Array(count)
  const heights = new Float64Array(count)
  const lefts = new Float32Array(count)
  const widths = new Float32Array(count)
  let rows = 0
  let top = 0

  const ratioOf = (photo: number) =>
    Math.min(widest, Math.max(narrowest, (ratios[photo] ?? 100) / 100))
  const closeRow = (first: number, end: number, sum: number, filled: boolean) => {
    const room = width - gap * (end - first - 1)
    const exact = filled ? room / sum : Math.min(options.rowHeight, room / sum)
    let shown = 0
    for (let photo = first; photo < end; photo++) {
      // Edges are rounded, not widths, so that rounding never adds up to a ragged side.
      const left = Math.round(shown * exact)
      shown += ratioOf(photo)
      lefts[photo] = left + gap * (photo - first)
      widths[photo] = Math.max(1, Math.round(shown * exact) - left)
    }
    firstPhotos[rows] = first
    tops[rows] = top
    heights[rows] = Math.max(1, Math.round(exact))
    top += heights[rows]! + gap
    rows += 1
  }
  const fillRows = (first: number, end: number) => {
    let start = first
    let sum = 0
    for (let photo = first; photo < end; photo++) {
      const ratio = ratioOf(photo)
      const wider = (width - gap * (photo - start)) / (sum + ratio)
      if (wider > options.rowHeight) {
        sum += ratio
        continue
      }
      const without = photo > start ? (width - gap * (photo - start - 1)) / sum : Infinity
      // Whichever of the two rows is nearer to the height that was asked for.
      if (without / options.rowHeight < options.rowHeight / wider) {
        closeRow(start, photo, sum, true)
        start = photo
        sum = ratio
        const alone = width / ratio
        if (alone > options.rowHeight) continue
      } else sum += ratio
      closeRow(start, photo + 1, sum, true)
      start = photo + 1
      sum = 0
    }
    if (start === end) return
    const natural = (width - gap * (end - start - 1)) / sum
    closeRow(start, end, sum, natural <= options.rowHeight * largestGrowth)
  }

  const placed = sections.map((section) => {
    const from = { top, firstRow: rows }
    top += headings[section.kind]
    fillRows(section.first, section.end)
    return { ...section, ...from, bottom: top, endRow: rows }
  })
  firstPhotos[rows] = count
  return {
    rows,
    firstPhotos: firstPhotos.subarray(0, rows + 1),
    tops: tops.subarray(0, rows),
    heights: heights.subarray(0, rows),
    lefts,
    widths,
    sections: placed,
    height: top,
  }
}
