/** Collects from the library what a lesson can be made of: photos that can be read, with their words. */
import type { TeachPair, TeachSource, TeachWords } from '../../shared/domain/teaching.js'
import type { TrainingPair } from '../../shared/domain/training.js'
import { locatePhotos } from '../library/locatePhotos.js'
import { fromPortablePath } from '../platform/paths.js'
import type { Database } from '../storage/openDatabase.js'
import { readLessonWords, takeWords, type WordKind, wordKinds } from './lessonWords.js'

/** A photo to learn from. */
export interface LessonPair {
  readonly photoId: number
  /** Absolute path. */
  readonly image: string
  readonly captions: readonly string[]
}

export interface LessonPairs {
  /** Photos of the source. */
  readonly photos: number
  readonly pairs: readonly LessonPair[]
  /** Photos with words of each kind, wanted or not. */
  readonly byWords: Readonly<Record<WordKind, number>>
  /** Photos with words that cannot be read now: their folders are offline. */
  readonly offline: number
}

export function toTrainingPair({ image, captions }: LessonPair): TrainingPair {
  return { image, captions: [...captions] }
}

export function toTeachPair({ photoId, captions }: LessonPair): TeachPair {
  return { photoId, captions: [...captions] }
}

/** A source whose photos are known without searching. */
export type LessonSource = Exclude<TeachSource, { kind: 'search' }>

const photosAtOnce = 1_000

export async function collectPairs(
  database: Database,
  { source, words }: { readonly source: LessonSource; readonly words: TeachWords },
  signal?: AbortSignal,
): Promise<LessonPairs> {
  const ids = await photosOf(database, source)
  const byWords = { captions: 0, tags: 0, names: 0, judgements: 0 }
  const pairs: LessonPair[] = []
  let photos = 0
  let offline = 0
  for (let start = 0; start < ids.length; start += photosAtOnce) {
    signal?.throwIfAborted()
    const some = ids.slice(start, start + photosAtOnce)
    const places = await locatePhotos(database, some)
    for (const broken of await database.encodingQueue.brokenAmong(some)) places.delete(broken)
    const names = new Map([...places].map(([id, [place]]) => [id, place!.relativePath]))
    for (const [photoId, found] of await readLessonWords(database, some, names)) {
      const place = places.get(photoId)?.[0]
      if (place === undefined) continue
      photos++
      for (const kind of wordKinds) if (found[kind].length > 0) byWords[kind]++
      const captions = takeWords(found, words)
      if (captions.length === 0) continue
      const image = fromPortablePath(place.rootPath, place.relativePath)
      if (place.offline) offline++
      else pairs.push({ photoId, image, captions })
    }
  }
  return { photos, pairs, byWords, offline }
}

async function photosOf(database: Database, source: LessonSource): Promise<readonly number[]> {
  switch (source.kind) {
    case 'library':
      return [...(await database.shownPhotos.matching([]))]
    case 'folders':
      return database.files.photosInRoots(source.roots)
    case 'photos':
      return [...new Set(source.ids)]
  }
}
