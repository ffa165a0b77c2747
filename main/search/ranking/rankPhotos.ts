/** Puts a library's photos in order for a query: by meaning and by words together. */
import type { RankedPhotos, SearchOrder } from '../../../shared/domain/search.js'
import type { Gallery } from '../../library/gallery.js'
import { type Calibration, calibrate, type QuerySimilarities, relevanceOf } from './calibration.js'
import { sortFalling } from './sortPlaces.js'

/** What a query asks of a gallery. */
export interface RankRequest {
  readonly order: SearchOrder
  /** Ids, rising, of the photos that filters let through; null without filters. */
  readonly allow: Uint32Array | null
  /** Ids of photos that are left out: those that the query itself names. */
  readonly leaveOut: readonly number[]
  /** What else than the pictures' likeness speaks for photos. */
  readonly hits: readonly HitList[]
  /** Whether there is something to look for, rather than filters alone. */
  readonly looksFor: boolean
}

/** Photos that meet the query in some way, such as by their words. */
export interface HitList {
  /** Best first. */
  readonly ids: Uint32Array
  /** Relevance of these photos, whatever their pictures resemble, from 0 to 1. */
  readonly relevance: number
}

export interface Ranking {
  /** Places in the gallery, in order. */
  readonly places: Uint32Array
  /** By place, 0 to 1; empty with filters alone. */
  readonly relevances: Float32Array
  /** By place; empty with filters alone or without a model's similarities. */
  readonly similarities: Float32Array
  readonly strong: number
  readonly verdict: RankedPhotos['verdict']
}

/** Cormack, Clarke and Buettcher 2009: of rank fusion's constant, little depends on it. */
const fusionConstant = 60
/** Relevance of a photo whose words say what is looked for. */
export const textRelevance = 0.9

export function rankPhotos(
  gallery: Gallery,
  similarities: QuerySimilarities | null,
  request: RankRequest,
): Ranking {
  const included = findIncluded(gallery, request)
  // A photo that the query names is like itself, which tells nothing of the others.
  for (const id of request.leaveOut) {
    const place = placeOf(gallery.ids, id)
    if (similarities !== null && place >= 0) similarities.wanted.own[place] = Number.NaN
  }
  if (!request.looksFor) return byDate(gallery, included, request.order)
  const calibration = similarities && calibrate(similarities)
  const ranked = request.hits.flatMap((list) => ranksOf(gallery, list))
  const relevances = fuseRelevances(gallery.ids.length, calibration, ranked)
  const fused = fuseOrder(calibration, ranked, relevances)
  const byRelevance = fused.filter(
    (place) => (included === null || included[place] === 1) && isRanked(place, calibration, ranked),
  )
  const strong = countStrong(byRelevance, relevances)
  return {
    places:
      request.order === 'relevance'
        ? byRelevance
        : strongByDate(gallery, byRelevance, strong, request.order),
    relevances,
    similarities: similarities?.wanted.own ?? new Float32Array(),
    strong,
    verdict:
      strong > 0 ? 'matches' : calibration?.possible && byRelevance.length > 0 ? 'weak' : 'nothing',
  }
}

/** 1 for each place that may be shown; null if all may. */
function findIncluded({ ids }: Gallery, { allow, leaveOut }: RankRequest): Uint8Array | null {
  if (allow === null && leaveOut.length === 0) return null
  const included = new Uint8Array(ids.length)
  if (allow === null) included.fill(1)
  else for (const id of allow) markPlace(ids, id, included, 1)
  for (const id of leaveOut) markPlace(ids, id, included, 0)
  return included
}

function markPlace(ids: Uint32Array, id: number, marks: Uint8Array, mark: 0 | 1): void {
  const place = placeOf(ids, id)
  if (place >= 0) marks[place] = mark
}

/** The place of an id among rising ones, or -1. */
export function placeOf(ids: Uint32Array, id: number): number {
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = ids[middle]!
    if (found === id) return middle
    if (found < id) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function byDate({ newest }: Gallery, included: Uint8Array | null, order: SearchOrder): Ranking {
  const shown = newest.filter((place) => included === null || included[place] === 1)
  return {
    places: new Uint32Array(order === 'oldest' ? shown.reverse() : shown),
    relevances: new Float32Array(),
    similarities: new Float32Array(),
    strong: shown.length,
    verdict: 'all',
  }
}

interface RankedHits {
  /** Rank from 1 by place, 0 for photos that are not in the list. */
  readonly ranks: Uint32Array
  readonly relevance: number
}

/** Nothing for an empty list. */
function ranksOf({ ids }: Gallery, { ids: hits, relevance }: HitList): RankedHits[] {
  if (hits.length === 0) return []
  const ranks = new Uint32Array(ids.length)
  let rank = 0
  for (const id of hits) {
    const place = placeOf(ids, id)
    if (place >= 0) ranks[place] = ++rank
  }
  return [{ ranks, relevance }]
}

/** A photo that has no embedding yet, and is in no list, has no place among the results. */
function isRanked(
  place: number,
  calibration: Calibration | null,
  hits: readonly RankedHits[],
): boolean {
  if (hits.some(({ ranks }) => ranks[place]! > 0)) return true
  return calibration !== null && !Number.isNaN(calibration.standings[place]!)
}

function fuseRelevances(
  length: number,
  calibration: Calibration | null,
  hits: readonly RankedHits[],
): Float32Array {
  const relevances = new Float32Array(length)
  for (let place = 0; place < length; place++) {
    const byPicture = calibration ? relevanceOf(calibration.standings[place]!, calibration.line) : 0
    let doubt = 1
    for (const { ranks, relevance } of hits) if (ranks[place]! > 0) doubt *= 1 - relevance
    relevances[place] = doubt === 1 ? byPicture : 1 - (1 - byPicture) * doubt
  }
  return relevances
}

/** All places: the strong before the weak, both by reciprocal rank fusion. */
function fuseOrder(
  calibration: Calibration | null,
  hits: readonly RankedHits[],
  relevances: Float32Array,
): Uint32Array {
  // Relevance by pictures alone falls along their order.
  if (hits.length === 0 && calibration !== null) return calibration.order
  const scores = new Float32Array(relevances.length)
  calibration?.order.forEach((place, index) => {
    if (!Number.isNaN(calibration.standings[place]!))
      scores[place] = 1 / (fusionConstant + index + 1)
  })
  for (const { ranks } of hits) {
    ranks.forEach((rank, place) => {
      if (rank > 0) scores[place]! += 1 / (fusionConstant + rank)
    })
  }
  return strongFirst(sortFalling(scores), relevances)
}

function strongFirst(order: Uint32Array, relevances: Float32Array): Uint32Array {
  const places = new Uint32Array(order.length)
  let strong = 0
  let weak = countStrong(order, relevances)
  for (const place of order) places[isStrong(relevances[place]!) ? strong++ : weak++] = place
  return places
}

function countStrong(places: Uint32Array, relevances: Float32Array): number {
  let count = 0
  for (const place of places) if (isStrong(relevances[place]!)) count++
  return count
}

function isStrong(relevance: number): boolean {
  return relevance >= 0.5
}

/** The strong matches by date, then the weak ones: a list by date alone would bury the matches. */
function strongByDate(
  { newest, ids }: Gallery,
  byRelevance: Uint32Array,
  strong: number,
  order: SearchOrder,
): Uint32Array {
  const group = new Uint8Array(ids.length)
  byRelevance.forEach((place, index) => {
    group[place] = index < strong ? 1 : 2
  })
  const dates = order === 'oldest' ? newest.slice().reverse() : newest
  const places = new Uint32Array(byRelevance.length)
  places.set(dates.filter((place) => group[place] === 1))
  places.set(
    dates.filter((place) => group[place] === 2),
    strong,
  )
  return places
}
