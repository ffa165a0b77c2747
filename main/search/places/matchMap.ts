/** How well each part of a picture matches words, from windows onto it. */
import type { MatchMap } from '../../../shared/domain/photo.js'
import type { EmbeddedWindows, PictureWindow } from './embedWindows.js'

/** Cells along the picture's shorter edge, and at most along the other. */
const cells = 12
const mostCells = 36
/** A window matches by half where it stands so many deviations above what generic phrases reach on it. */
const line = 1
const slope = 2.5

/**
 * @param words [dim], of length 1
 * @param phrases [phrases, dim], generic ones, each of length 1
 */
export function drawMatchMap(
  { ratio, windows, embeddings }: EmbeddedWindows,
  words: Float32Array,
  phrases: Float32Array,
): MatchMap {
  const dim = words.length
  const relevances = windows.map((_, i) =>
    relevanceOf(embeddings.subarray(i * dim, (i + 1) * dim), words, phrases),
  )
  const along = (share: number) => Math.min(mostCells, Math.max(cells, Math.round(cells * share)))
  const [rows, columns] = [along(1 / ratio), along(ratio)]
  const values = Array.from({ length: rows * columns }, (_, cell) => {
    const x = ((cell % columns) + 0.5) / columns
    const y = (Math.floor(cell / columns) + 0.5) / rows
    return meanAt(x, y, windows, relevances)
  })
  return { rows, columns, values }
}

function relevanceOf(window: Float32Array, words: Float32Array, phrases: Float32Array): number {
  const dim = words.length
  const count = phrases.length / dim
  const usual = Float64Array.from({ length: count }, (_, i) => dot(window, phrases, i * dim))
  const mean = usual.reduce((sum, cosine) => sum + cosine, 0) / count
  const squares = usual.reduce((sum, cosine) => sum + (cosine - mean) ** 2, 0)
  const standing = (dot(window, words, 0) - mean) / (Math.sqrt(squares / count) || 1)
  return 1 / (1 + Math.exp(-slope * (standing - line)))
}

/** The mean of the windows over a place, those that have it in their middle counting most. */
function meanAt(
  x: number,
  y: number,
  windows: readonly PictureWindow[],
  relevances: readonly number[],
): number {
  let sum = 0
  let weights = 0
  windows.forEach(({ left, top, width, height }, i) => {
    const across = 1 - Math.abs((2 * (x - left)) / width - 1)
    const down = 1 - Math.abs((2 * (y - top)) / height - 1)
    if (across < 0 || down < 0) return
    // Small windows tell the place better.
    const weight = (across * down + 0.01) / (width * height)
    sum += weight * relevances[i]!
    weights += weight
  })
  return weights === 0 ? 0 : sum / weights
}

function dot(a: Float32Array, b: Float32Array, from: number): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[from + k]!
  return sum
}
