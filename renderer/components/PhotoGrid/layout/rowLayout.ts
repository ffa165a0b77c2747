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

export function layOutRows({ sections, headings, ...options }: LayoutOptions): RowLayout {
  const rows = new Rows(options)
  const placed = sections.map((section) => {
    const from = { top: rows.height, firstRow: rows.count }
    rows.height += headings[section.kind]
    rows.fill(section.first, section.end)
    return { ...section, ...from, bottom: rows.height, endRow: rows.count }
  })
  return { ...rows.columns(), sections: placed }
}

/** Width over height as shown. */
function shapesOf(ratios: ArrayLike<number>): Float64Array {
  const shapes = new Float64Array(ratios.length)
  for (let photo = 0; photo < shapes.length; photo++) {
    shapes[photo] = Math.min(widest, Math.max(narrowest, ratios[photo]! / 100))
  }
  return shapes
}

/** Rows under construction. A class, since numbers that closures share are made anew at each change. */
class Rows {
  count = 0
  height = 0
  private readonly width: number
  private readonly rowHeight: number
  private readonly gap: number
  private readonly shapes: Float64Array
  private readonly firstPhotos: Uint32Array
  private readonly tops: Float64Array
  private readonly heights: Float64Array
  private readonly lefts: Float32Array
  private readonly widths: Float32Array

  constructor({ ratios, width, rowHeight, gap }: Omit<LayoutOptions, 'sections' | 'headings'>) {
    const photos = ratios.length
    this.width = Math.max(1, Math.floor(width))
    this.rowHeight = rowHeight
    this.gap = gap
    this.shapes = shapesOf(ratios)
    this.firstPhotos = new Uint32Array(photos + 1)
    this.tops = new Float64Array(photos)
    this.heights = new Float64Array(photos)
    this.lefts = new Float32Array(photos)
    this.widths = new Float32Array(photos)
  }

  /** Appends rows for the photos from `first` up to, not including, `end`. */
  fill(first: number, end: number): void {
    const { shapes, width, gap, rowHeight } = this
    let start = first
    let sum = 0
    for (let photo = first; photo < end; photo++) {
      const shape = shapes[photo]!
      const room = width - gap * (photo - start)
      const height = room / (sum + shape)
      if (height > rowHeight) {
        sum += shape
        continue
      }
      const heightWithout = photo > start ? (room + gap) / sum : Number.POSITIVE_INFINITY
      // Whichever of the two rows is nearer to the height that was asked for.
      if (heightWithout / rowHeight < rowHeight / height) {
        this.close(start, photo, sum, true)
        start = photo
        sum = shape
        if (width / shape > rowHeight) continue
      } else sum += shape
      this.close(start, photo + 1, sum, true)
      start = photo + 1
      sum = 0
    }
    if (start === end) return
    const natural = (width - gap * (end - start - 1)) / sum
    this.close(start, end, sum, natural <= rowHeight * largestGrowth)
  }

  columns(): Omit<RowLayout, 'sections'> {
    const { count, firstPhotos, tops, heights, lefts, widths, height } = this
    firstPhotos[count] = lefts.length
    return {
      rows: count,
      firstPhotos: firstPhotos.subarray(0, count + 1),
      tops: tops.subarray(0, count),
      heights: heights.subarray(0, count),
      lefts,
      widths,
      height,
    }
  }

  /** @param sum of the photos' shapes @param filled whether the row takes the whole width */
  private close(first: number, end: number, sum: number, filled: boolean): void {
    const { lefts, widths, shapes, gap } = this
    const natural = (this.width - gap * (end - first - 1)) / sum
    const exact = filled ? natural : Math.min(this.rowHeight, natural)
    let shown = 0
    let left = 0
    for (let photo = first; photo < end; photo++) {
      shown += shapes[photo]!
      // Edges are rounded, not widths, so that rounding never adds up to a ragged side.
      const right = Math.round(shown * exact)
      lefts[photo] = left + gap * (photo - first)
      widths[photo] = Math.max(1, right - left)
      left = right
    }
    const height = Math.max(1, Math.round(exact))
    this.firstPhotos[this.count] = first
    this.tops[this.count] = this.height
    this.heights[this.count] = height
    this.height += height + gap
    this.count++
  }
}
