/** Held-out photos of which the place changed most when their words are searched. */
import type { TeachExample } from '../../shared/domain/teaching.js'
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'
import { openPairEmbedder } from '../ml/training/features/pairEmbedder.js'
import { type EmbeddingMatrix, rankRelevant } from '../ml/training/metrics/ranks.js'
import { normaliseCaption } from '../ml/training/sampling/groups.js'
import type { LessonPair } from './collectPairs.js'

const examplesKept = 12
const photosShown = 5

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
  const words = wordsToSearch(photos)
  const total = 2 * photos.length
  const earlier = await searchAll(before, photos, words, {
    signal,
    onProgress: (done) => onProgress(done, total),
  })
  const later = await searchAll(after, photos, words, {
    signal,
    onProgress: (done) => onProgress(photos.length + done, total),
  })
  const changes = photos.flatMap((_, i) => {
    if (words[i] === null || !earlier.readable.has(i)) return []
    return [{ i, change: Math.abs(Math.log(earlier.ranks[i]! / later.ranks[i]!)) }]
  })
  const most = changes.sort((a, b) => b.change - a.change).slice(0, examplesKept)
  const photoIds = (rows: readonly number[]) => rows.map((row) => photos[row]!.photoId)
  return most
    .filter(({ change }) => change > 0)
    .map(({ i }) => ({
      photoId: photos[i]!.photoId,
      words: words[i]!,
      rankBefore: earlier.ranks[i]!,
      rankAfter: later.ranks[i]!,
      topBefore: photoIds(earlier.top(i)),
      topAfter: photoIds(later.top(i)),
    }))
}

/** For each photo words that no other one has: shared ones say nothing of a single photo's place. */
function wordsToSearch(photos: readonly LessonPair[]): (string | null)[] {
  const counts = new Map<string, number>()
  for (const { captions } of photos) {
    for (const meaning of new Set(captions.map(normaliseCaption))) {
      counts.set(meaning, (counts.get(meaning) ?? 0) + 1)
    }
  }
  return photos.map(
    ({ captions }) => captions.find((text) => counts.get(normaliseCaption(text)) === 1) ?? null,
  )
}

interface Searched {
  /** The place of each photo, from 1. */
  readonly ranks: Int32Array
  /** Numbers of the photos that could be read. */
  readonly readable: ReadonlySet<number>
  /** The first photos for the words of photo `i`. */
  top(i: number): number[]
}

async function searchAll(
  model: ModelDirectory,
  photos: readonly LessonPair[],
  words: readonly (string | null)[],
  { signal, onProgress }: CompareOptions,
): Promise<Searched> {
  const embedder = await openPairEmbedder(model, { device: 'cpu', threads: 0, signal, onProgress })
  try {
    const images = await embedder.images(photos.map(({ image }) => image))
    const texts = await embedder.texts(words.map((text) => text ?? ''))
    const unreadable = new Set(images.skipped.map(({ row }) => row))
    const gallery = { rows: photos.length, dim: images.dim, data: images.data }
    const queries = { rows: photos.length, dim: texts.dim, data: texts.data }
    const own = photos.map((_, i) => [i])
    return {
      ranks: await rankRelevant(queries, gallery, own, signal),
      readable: new Set([...photos.keys()].filter((i) => !unreadable.has(i))),
      top: (i) => bestRows(queries, i, gallery),
    }
  } finally {
    await embedder.dispose()
  }
}

function bestRows(queries: EmbeddingMatrix, query: number, gallery: EmbeddingMatrix): number[] {
  const { rows, dim, data } = gallery
  const scores = Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let k = 0; k < dim; k++) sum += queries.data[query * dim + k]! * data[row * dim + k]!
    return sum
  })
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, photosShown)
}
