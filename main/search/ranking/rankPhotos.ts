/** Puts a library's photos in order for a query: by meaning and by words together. */
import type { RankedPhotos, SearchOrder } from '../../../shared/domain/search.js'
import type { Gallery } from '../../library/gallery.js'
import { firstAtLeast } from '../../platform/firstAtLeast.js'
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
    if (similarities !== null && place !== noPlace) similarities.wanted.own[place] = Number.NaN
  }
  if (!request.looksFor) return byDate(gallery, included, request.order)
  const calibration = similarities && calibrate(similarities)
  const hits = request.hits.flatMap((list) => placesOf(gallery, list))
  const relevances = fuseRelevances(gallery.ids.length, calibration, hits)
  const fused = fuseOrder(calibration, hits, relevances)
  const byRelevance = findShown(fused, included, calibration, hits)
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
  if (place !== noPlace) marks[place] = mark
}

/** The place of what is not there. */
export const noPlace = 0xffffffff

/** The place of an id among rising ones, or `noPlace`. */
export function placeOf(ids: Uint32Array, id: number): number {
  const place = firstAtLeast(ids, id)
  return ids[place] === id ? place : noPlace
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

interface PlacedHits {
  /** Best first. */
  readonly places: Uint32Array
  readonly relevance: number
}

/** Nothing for an empty list. */
function placesOf({ ids }: Gallery, { ids: hits, relevance }: HitList): PlacedHits[] {
  const places = hits.map((id) => placeOf(ids, id)).filter((place) => place !== noPlace)
  return hits.length === 0 ? [] : [{ places, relevance }]
}

/**
 * The places of `order` that are among the results: a photo that has no embedding yet, and is in no
 * list, is not.
 */
function findShown(
  order: Uint32Array,
  included: Uint8Array | null,
  calibration: Calibration | null,
  hits: readonly PlacedHits[],
): Uint32Array {
  const ranked = new Uint8Array(order.length)
  if (calibration !== null) {
    for (let at = 0; at < calibration.ranked; at++) ranked[calibration.order[at]!] = 1
  }
  for (const { places } of hits) for (const place of places) ranked[place] = 1
  const shown = new Uint32Array(order.length)
  let count = 0
  for (let at = 0; at < order.length; at++) {
    const place = order[at]!
    if (ranked[place] === 1 && (included === null || included[place] === 1)) shown[count++] = place
  }
  return shown.subarray(0, count)
}

function fuseRelevances(
  length: number,
  calibration: Calibration | null,
  hits: readonly PlacedHits[],
): Float32Array {
  const relevances = new Float32Array(length)
  if (calibration !== null) {
    const { standings, line } = calibration
    for (let place = 0; place < length; place++) {
      relevances[place] = relevanceOf(standings[place]!, line)
    }
  }
  for (const { places, relevance } of hits) {
    for (const place of places) {
      relevances[place] = 1 - (1 - relevances[place]!) * (1 - relevance)
    }
  }
  return relevances
}

/** All places: the strong before the weak, both by reciprocal rank fusion. */
function fuseOrder(
  calibration: Calibration | null,
  hits: readonly PlacedHits[],
  relevances: Float32Array,
): Uint32Array {
  const order = calibration?.order ?? new Uint32Array(relevances.length).map((_, place) => place)
  // Relevance by pictures alone falls along their order.
  return hits.length === 0 ? order : strongFirst(mergeHits(order, calibration, hits), relevances)
}

/** `order` by pictures, in which only photos of the lists change their places. */
function mergeHits(
  order: Uint32Array,
  calibration: Calibration | null,
  hits: readonly PlacedHits[],
): Uint32Array {
  const scores = new Float64Array(order.length)
  for (const { places } of hits) {
    for (let at = 0; at < places.length; at++) scores[places[at]!]! += scoreOf(at)
  }
  const ranked = calibration?.ranked ?? 0
  const others = new Uint32Array(order.length)
  const otherScores = new Float64Array(order.length)
  let count = 0
  for (let at = 0; at < order.length; at++) {
    const place = order[at]!
    const score = at < ranked ? scoreOf(at) : 0
    if (scores[place]! > 0) scores[place]! += score
    else {
      others[count] = place
      otherScores[count++] = score
    }
  }
  const risen = placesAbove0(scores, order.length - count)
  const merged = new Uint32Array(order.length)
  let at = 0
  let next = 0
  for (const rank of sortFalling(Float32Array.from(risen, (place) => scores[place]!))) {
    const place = risen[rank]!
    while (next < count && otherScores[next]! >= scores[place]!) merged[at++] = others[next++]!
    merged[at++] = place
  }
  merged.set(others.subarray(next, count), at)
  return merged
}

/** Places of the `count` values above 0, rising. */
function placesAbove0(values: Float64Array, count: number): Uint32Array {
  const places = new Uint32Array(count)
  let at = 0
  for (let place = 0; place < values.length; place++) if (values[place]! > 0) places[at++] = place
  return places
}

/** What a place in one order, from 0 on, adds in reciprocal rank fusion. */
function scoreOf(at: number): number {
  return 1 / (fusionConstant + at + 1)
}

function strongFirst(order: Uint32Array, relevances: Float32Array): Uint32Array {
  const places = new Uint32Array(order.length)
  let strong = 0
  let weak = countStrong(order, relevances)
  for (let at = 0; at < order.length; at++) {
    const place = order[at]!
    places[isStrong(relevances[place]!) ? strong++ : weak++] = place
  }
  return places
}

function countStrong(places: Uint32Array, relevances: Float32Array): number {
  let count = 0
  for (let at = 0; at < places.length; at++) if (isStrong(relevances[places[at]!]!)) count++
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
