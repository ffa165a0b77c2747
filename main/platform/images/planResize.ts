/** Decides the size a picture is scaled to and the part of it that is kept. */

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * How a picture meets the size wanted:
 * - `fill`: stretched to exactly that size
 * - `cover`: scaled to cover it, the middle kept
 * - `contain`: scaled to fit inside it, bars of the background added
 * - `inside`: scaled to fit inside it, no bars; never enlarged
 * - `shortest-edge`: scaled so that its shorter edge is the shorter of the two; nothing cut unless
 *   `crop` is given
 */
type Fit = 'fill' | 'cover' | 'contain' | 'inside' | 'shortest-edge'

export interface ResizeOptions extends Size {
  readonly fit: Fit
  /** With `shortest-edge`: the part that is kept of the middle, no larger than the shorter edge. */
  readonly crop?: Size
}

/** Scale to `scaled`, then cut `crop` out of its middle or pad it to `padded`. */
export interface ResizePlan {
  readonly scaled: Size
  readonly crop: Size | null
  readonly padded: Size | null
}

/** The plan for a picture of size `source`. */
export function planResize(source: Size, wanted: ResizeOptions): ResizePlan {
  switch (wanted.fit) {
    case 'fill':
      return { scaled: wanted, crop: null, padded: null }
    case 'shortest-edge':
      return {
        scaled: scaleToShortestEdge(source, Math.min(wanted.width, wanted.height)),
        crop: wanted.crop ?? null,
        padded: null,
      }
    case 'cover': {
      const scale = Math.max(wanted.width / source.width, wanted.height / source.height)
      return { scaled: scaleBy(source, scale, wanted), crop: wanted, padded: null }
    }
    case 'contain': {
      const scale = Math.min(wanted.width / source.width, wanted.height / source.height)
      return { scaled: scaleBy(source, scale), crop: null, padded: wanted }
    }
    case 'inside': {
      const scale = Math.min(1, wanted.width / source.width, wanted.height / source.height)
      return { scaled: scaleBy(source, scale), crop: null, padded: null }
    }
  }
}

/**
 * The size with the shorter edge `edge` and the same proportions, rounded down as the field's image
 * processors do (to two decimals first, so that 223.9999 counts as 224).
 */
function scaleToShortestEdge(source: Size, edge: number): Size {
  const scale = Math.max(edge / source.width, edge / source.height)
  return { width: floorPixels(source.width * scale), height: floorPixels(source.height * scale) }
}

function floorPixels(length: number): number {
  return Math.max(1, Math.floor(Number(length.toFixed(2))))
}

function scaleBy(source: Size, scale: number, least: Size = { width: 1, height: 1 }): Size {
  return {
    width: Math.max(least.width, Math.round(source.width * scale)),
    height: Math.max(least.height, Math.round(source.height * scale)),
  }
}
