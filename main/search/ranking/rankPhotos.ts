/** Puts a library's photos in order for a query: by meaning and by words together. */
import type { RankedPhotos, SearchOrder } from '../../../shared/domain/search.js'
import {
  type Calibration,
  calibrate,
  type GenericSimilarities,
  relevanceOf,
} from './calibration.js'
import type { Gallery } from './gallery.js'
import { sortFalling } from './sortPlaces.js'

/** What a query asks of a gallery. */
export interface RankRequest {
  readonly order: SearchOrder
  /** Ids, rising, of the photos that filters let through; null without filters. */
  readonly allow: Uint32Array | null
  /** Ids of photos that are left out: those that the query itself names. */
  readonly leaveOut: readonly number[]
  /** Ids of photos whose text holds the query's words, best first. */
  readonly textHits: Uint32Array
  /** Whether there is something to look for, rather than filters alone. */
  readonly looksFor: boolean
}

export interface Similarities {
  /** Of each photo of the gallery to the query; NaN without an embedding. */
  readonly own: Float32Array
  readonly generic: GenericSimilarities
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
/** Relevance of a photo whose words say what is looked for, whatever its picture resembles. */
const textRelevance = 0.9

export function rankPhotos(
  gallery: Gallery,
  similarities: Similarities | null,
  request: RankRequest,
): Ranking {
  const included = findIncluded(gallery, request)
  // A photo that the query names is like itself, which tells nothing of the others.
  for (const id of request.leaveOut) {
    const place = placeOf(gallery.ids, id)
    if (similarities !== null && place >= 0) similarities.own[place] = Number.NaN
  }
  if (!request.looksFor) return byDate(gallery, included, request.order)
  const calibration = similarities && calibrate(similarities.own, similarities.generic)
  const textRanks = ranksOfText(gallery, request.textHits)
  const relevances = fuseRelevances(gallery.ids.length, calibration, textRanks)
  const byRelevance = fuseOrder(calibration, textRanks, relevances).filter(
    (place) => included[place] === 1,
  )
  const strong = byRelevance.reduce((count, place) => count + Number(relevances[place]! >= 0.5), 0)
  return {
    places:
      request.order === 'relevance'
        ? byRelevance
        : strongByDate(gallery, byRelevance, strong, request.order),
    relevances,
    similarities: similarities?.own ?? new Float32Array(),
    strong,
    verdict:
      strong > 0 ? 'matches' : calibration?.possible && byRelevance.length > 0 ? 'weak' : 'nothing',
  }
}

/** 1 for each place that may be shown. */
function findIncluded({ ids }: Gallery, { allow, leaveOut }: RankRequest): Uint8Array {
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

function byDate({ newest }: Gallery, included: Uint8Array, order: SearchOrder): Ranking {
  const shown = newest.filter((place) => included[place] === 1)
  return {
    places: new Uint32Array(order === 'oldest' ? shown.reverse() : shown),
    relevances: new Float32Array(),
    similarities: new Float32Array(),
    strong: shown.length,
    verdict: 'all',
  }
}

/** Rank from 1 by place, 0 for photos without the words. */
function ranksOfText({ ids }: Gallery, textHits: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(ids.length)
  let rank = 0
  for (const id of textHits) {
    const place = placeOf(ids, id)
    if (place >= 0) ranks[place] = ++rank
  }
  return ranks
}

function fuseRelevances(
  length: number,
  calibration: Calibration | null,
  textRanks: Uint32Array,
): Float32Array {
  const relevances = new Float32Array(length)
  for (let place = 0; place < length; place++) {
    const byPicture = calibration ? relevanceOf(calibration.standings[place]!, calibration.line) : 0
    relevances[place] =
      textRanks[place] === 0 ? byPicture : 1 - (1 - byPicture) * (1 - textRelevance)
  }
  return relevances
}

/** All places: the strong before the weak, both by reciprocal rank fusion. */
function fuseOrder(
  calibration: Calibration | null,
  textRanks: Uint32Array,
  relevances: Float32Array,
): Uint32Array {
  const scores = new Float32Array(relevances.length)
  if (calibration !== null) {
    sortFalling(calibration.standings).forEach((place, index) => {
      if (!Number.isNaN(calibration.standings[place]!))
        scores[place] = 1 / (fusionConstant + index + 1)
    })
  }
  for (let place = 0; place < scores.length; place++) {
    const rank = textRanks[place]!
    if (rank > 0) scores[place]! += 1 / (fusionConstant + rank)
  }
  const order = sortFalling(scores)
  const isStrong = (place: number) => relevances[place]! >= 0.5
  const places = new Uint32Array(order.length)
  const strong = order.filter(isStrong)
  places.set(strong)
  places.set(
    order.filter((place) => !isStrong(place)),
    strong.length,
  )
  return places
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
