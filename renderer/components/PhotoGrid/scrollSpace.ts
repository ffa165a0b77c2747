/**
 * [Note: canvas and layout] Browsers lay out some 16 to 33 million pixels at most; a large library in
 * large rows is higher. So what scrolls is a canvas of bounded height that shows a part of the
 * layout, from `shift` on. Near an edge of the canvas the shift changes and the scroll position with
 * it, in one frame, so that nothing is seen to move.
 */

export interface ScrollSpace {
  readonly total: number
  readonly canvas: number
}

const canvasLimit = 4_000_000
/** Room below the last row, so that nothing that floats covers it. */
const tail = 88

export function placeCanvas(layoutHeight: number): ScrollSpace {
  const total = Math.ceil(layoutHeight) + tail
  return { total, canvas: Math.min(total, canvasLimit) }
}

/** The shift that shows `top` with room on both sides; the present one where that will do. */
export function shiftFor(
  { total, canvas }: ScrollSpace,
  top: number,
  visible: number,
  present: number,
): number {
  const last = total - canvas
  const edge = canvas / 10
  const shift = Math.min(present, last)
  const at = top - shift
  const above = at >= edge || (shift === 0 && at >= 0)
  const below = at + visible <= canvas - edge || (shift === last && at + visible <= canvas)
  if (above && below) return shift
  return Math.round(Math.min(last, Math.max(0, top - canvas / 2)))
}
