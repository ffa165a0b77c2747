/** Held-out photos of which the place changed most when their words are searched. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TeachExample } from '../../shared/domain/teaching.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'
import type { FeatureChunk } from '../ml/training/features/featureCache.js'
import { openPairEmbedder } from '../ml/training/features/pairEmbedder.js'
import { normaliseCaption } from '../ml/training/sampling/groups.js'
import type { LessonPair } from './collectPairs.js'

const examplesKept = 12
const photosShown = 5
const searchesPerTurn = 16

export interface ComparedModels {
  readonly before: ModelDirectory
  readonly after: ModelDirectory
}

export interface CompareOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Searches each photo among all of them by its own words, with both models. Those whose place
 * changed by the largest factor come first, whether they rose or fell.
 */
export async function compareOnExamples(
  { before, after }: ComparedModels,
  photos: readonly LessonPair[],
  { signal, onProgress }: CompareOptions,
): Promise<TeachExample[]> {
  const searches = chooseSearches(photos)
  const total = 2 * photos.length
  const earlier = await searchAll(before, photos, searches, {
    signal,
    onProgress: (done) => onProgress(done, total),
  })
  const later = await searchAll(after, photos, searches, {
    signal,
    onProgress: (done) => onProgress(photos.length + done, total),
  })
  const changed = photos.flatMap((_, i) => {
    const [rankBefore, rankAfter] = [earlier.ranks[i]!, later.ranks[i]!]
    if (rankBefore === null || rankAfter === null || rankBefore === rankAfter) return []
    return [{ i, rankBefore, rankAfter, factor: Math.abs(Math.log(rankBefore / rankAfter)) }]
  })
  const photoIds = (rows: readonly number[]) => rows.map((row) => photos[row]!.photoId)
  return changed
    .sort((a, b) => b.factor - a.factor)
    .slice(0, examplesKept)
    .map(({ i, rankBefore, rankAfter }) => ({
      photoId: photos[i]!.photoId,
      words: searches[i]!.words,
      rankBefore,
      rankAfter,
      topBefore: photoIds(earlier.top(i)),
      topAfter: photoIds(later.top(i)),
    }))
}

/** What a photo is searched by, and the photos that have the same words, itself included. */
interface Search {
  readonly words: string
  readonly sharedBy: ReadonlySet<number>
}

/** For each photo those of its words that the fewest others have. */
function chooseSearches(photos: readonly LessonPair[]): Search[] {
  const holders = new Map<string, Set<number>>()
  photos.forEach(({ captions }, i) => {
    for (const meaning of captions.map(normaliseCaption)) {
      const known = holders.get(meaning)
      if (known) known.add(i)
      else holders.set(meaning, new Set([i]))
    }
  })
  return photos.map(({ captions }) => {
    const choices = captions.map((words) => ({
      words,
      sharedBy: holders.get(normaliseCaption(words))!,
    }))
    return choices.reduce((a, b) => (b.sharedBy.size < a.sharedBy.size ? b : a))
  })
}

interface Searched {
  /** The place of each photo, from 1; null where it could not be read. */
  readonly ranks: readonly (number | null)[]
  /** The first photos for the search of photo `i`. */
  top(i: number): number[]
}

async function searchAll(
  model: ModelDirectory,
  photos: readonly LessonPair[],
  searches: readonly Search[],
  { signal, onProgress }: CompareOptions,
): Promise<Searched> {
  const embedder = await openPairEmbedder(model, { device: 'cpu', threads: 0, signal, onProgress })
  try {
    const images = await embedder.images(photos.map(({ image }) => image))
    const texts = await embedder.texts(searches.map(({ words }) => words))
    const unreadable = new Set(images.skipped.map(({ row }) => row))
    const ranks: (number | null)[] = []
    for (const [i, { sharedBy }] of searches.entries()) {
      // Others wait for this thread.
      if (i % searchesPerTurn === 0) await nextTurn()
      ranks.push(unreadable.has(i) ? null : placeOf(i, scoresOf(texts, i, images), sharedBy))
    }
    return {
      ranks,
      top: (i) => {
        const scores = scoresOf(texts, i, images)
        return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, photosShown)
      },
    }
  } finally {
    await embedder.dispose()
  }
}

function scoresOf(texts: FeatureChunk, query: number, images: FeatureChunk): Float32Array {
  const { dim, data } = images
  return Float32Array.from({ length: data.length / dim }, (_, row) => {
    let sum = 0
    for (let k = 0; k < dim; k++) sum += texts.data[query * dim + k]! * data[row * dim + k]!
    return sum
  })
}

/** Photos that the same words are right for do not count against one another; ties do. */
function placeOf(photo: number, scores: Float32Array, sharedBy: ReadonlySet<number>): number {
  let place = 1
  scores.forEach((score, row) => {
    if (!sharedBy.has(row) && score >= scores[photo]!) place++
  })
  return place
}
