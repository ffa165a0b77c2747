/** Turns cosine similarities into relevance, by what is usual for this model in this library. */
import { sortFalling } from './sortPlaces.js'

/*
 * [Note: calibrated relevance]
 * A cosine of 0.3 is a good match for one encoder and none for another, for one query and not for
 * the next. docs/decisions/0008-calibration.md tells what was tried and measured. A photo's
 * *standing* is how far its similarity s lies above what is usual, in standard deviations, on three
 * accounts:
 *   - above what generic phrases reach in this library: (s - mean over phrases and photos) / d,
 *   - above what generic phrases reach on this photo, which some match everything a little:
 *     (s - mean over phrases) / d,
 *   - above what this query reaches on other photos: (s - mean over photos) / their deviation.
 * d is the deviation of what generic phrases reach. The standing is the mean of the three.
 *
 * Of N photos that do not match, chance alone lifts the best to about sqrt(2 ln N) deviations (the
 * extreme value of N normal numbers). So the line above which a match is strong rises with the
 * library. Where k photos stand above a line, chance may lift one in k of them, so it is drawn at
 * sqrt(2 ln(N / k)), for the largest k that fits (Benjamini and Hochberg 1995): queries that half of
 * the library matches have their matches too. Similar photos stand together, so that N counts them
 * for too much; `strongShare` makes up for that.
 */

/** How much of the extreme value of as many independent photos makes a match strong, or possible. */
const strongShare = 0.85
const possibleShare = 0.7
/** However many photos match, or however few there are, none is strong below this standing. */
const leastStrong = 2.2
/** Rise of the log odds of a match with each unit of standing. */
const slope = 2.5
/** Up to this standing, what is unwanted does no harm. */
const tolerated = 1
/** Deviations of tiny libraries mean little: as many photos with the usual one are counted in. */
const priorPhotos = 5

/** Of each photo of a gallery to a direction; NaN without an embedding. */
export interface Similarities {
  readonly own: Float32Array
  /** Means of generic directions of the same form. */
  readonly means: Float32Array
  /** Of generic directions, over all photos. */
  readonly deviation: number
}

export interface QuerySimilarities {
  readonly wanted: Similarities
  readonly unwanted: readonly { readonly similarities: Similarities; readonly weight: number }[]
}

export interface Calibration {
  /** Of each photo; NaN without an embedding. */
  readonly standings: Float32Array
  /** All places by falling standing, those without one last. */
  readonly order: Uint32Array
  /** How many have a standing. */
  readonly ranked: number
  /** The standing above which matches are strong. */
  readonly line: number
  /** Whether the best photo could be a match at all. */
  readonly possible: boolean
}

export function calibrate({ wanted, unwanted }: QuerySimilarities): Calibration {
  const standings = toStandings(wanted)
  for (const { similarities, weight } of unwanted) pushAway(standings, similarities, weight)
  const order = sortFalling(standings)
  let ranked = order.length
  while (ranked > 0 && Number.isNaN(standings[order[ranked - 1]!]!)) ranked--
  const line = drawLine(standings, order, ranked)
  const best = ranked === 0 ? Number.NEGATIVE_INFINITY : standings[order[0]!]!
  return { standings, order, ranked, line, possible: best >= possibleShare * extremeOf(ranked) }
}

/** 0 to 1, and 0.5 at the line above which matches are strong. */
export function relevanceOf(standing: number, line: number): number {
  return Number.isNaN(standing) ? 0 : 1 / (1 + Math.exp(-slope * (standing - line)))
}

function toStandings({ own, means, deviation }: Similarities): Float32Array {
  const { count, mean, squares } = moments(own)
  const usual = moments(means).mean
  const prior = priorPhotos * deviation * deviation
  const spread = Math.sqrt((squares + prior) / (count + priorPhotos))
  const standings = new Float32Array(own.length)
  for (let place = 0; place < standings.length; place++) {
    const similarity = own[place]!
    const aboveUsual = (2 * similarity - usual - means[place]!) / deviation
    standings[place] = (aboveUsual + (similarity - mean) / spread) / 3
  }
  return standings
}

/** Lowers what resembles the unwanted more than chance would have it. */
function pushAway(standings: Float32Array, similarities: Similarities, weight: number): void {
  toStandings(similarities).forEach((standing, place) => {
    if (standing > tolerated) standings[place]! -= weight * (standing - tolerated)
  })
}

function drawLine(standings: Float32Array, order: Uint32Array, count: number): number {
  let most = 0
  while (most < count && standings[order[most]!]! >= leastStrong) most++
  for (let strong = most; strong >= 1; strong--) {
    const line = Math.max(leastStrong, strongShare * extremeOf(count / strong))
    if (standings[order[strong - 1]!]! >= line) return line
  }
  return Math.max(leastStrong, strongShare * extremeOf(count))
}

/** About the largest of so many independent normal numbers. */
function extremeOf(count: number): number {
  return Math.sqrt(2 * Math.log(count + 1))
}

/** Mean and sum of squared distances from it, of all that are numbers. */
function moments(values: Float32Array): { count: number; mean: number; squares: number } {
  let count = 0
  let sum = 0
  let ofSquares = 0
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!
    if (Number.isNaN(value)) continue
    count++
    sum += value
    ofSquares += value * value
  }
  const mean = count === 0 ? 0 : sum / count
  // In one pass: cosines lie near enough to 0 that doubles lose nothing by the difference.
  return { count, mean, squares: Math.max(0, ofSquares - mean * sum) }
}
