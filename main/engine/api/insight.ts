/** What a model sees in one photo: words for it, photos like it, where words match. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { WordSuggestion } from '../../../shared/domain/photo.js'
import { AppError } from '../../../shared/errors.js'
import { locatePhotos } from '../../library/locatePhotos.js'
import { fromPortablePath } from '../../platform/paths.js'
import { type EmbeddedWindows, embedWindows } from '../../search/places/embedWindows.js'
import { drawMatchMap } from '../../search/places/matchMap.js'
import { genericPhrases } from '../../search/ranking/genericPhrases.js'
import { suggestWords, type WordCandidate } from '../../search/words/suggestWords.js'
import { readVocabulary } from '../../search/words/vocabulary.js'
import { openWordBank, type WordBank } from '../../search/words/wordBank.js'
import type { Database } from '../../storage/openDatabase.js'
import type { EncoderCache } from '../encoderCache.js'
import type { KnownModel, ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener, OpenLibrary } from '../openLibrary.js'
import type { ApiOf } from '../router.js'
import type { SearchApi } from './search.js'

export interface InsightApi {
  readonly calls: Pick<ApiOf<'photos'>, 'suggestWords' | 'similar' | 'matchMap'>
  /** Ends what is being prepared; it begins anew when it is needed. */
  release(): Promise<void>
}

export interface InsightDependencies {
  readonly library: LibraryOpener
  readonly registry: ModelRegistry
  readonly encoders: EncoderCache
  readonly search: Pick<SearchApi, 'similarTo'>
}

/** Own words that are ranked: those used most. */
const ownTags = 2_000
const ownCaptions = 1_000
/** Photos that the library's mean is taken of; of fewer than the least it says nothing. */
const photosSampled = 500
const leastSampled = 20
/** Photos of which windows are kept, so that other words on the same photo are answered at once. */
const keptPhotos = 8

export function createInsightApi(dependencies: InsightDependencies): InsightApi {
  const { library, registry, encoders, search } = dependencies
  const banks = new Map<string, Promise<WordBank>>()
  const kept = new Map<string, Promise<EmbeddedWindows>>()
  const usual = createMeanPhoto()

  function bankOf({ directory }: KnownModel, opened: OpenLibrary): Promise<WordBank> {
    const known = banks.get(directory.id)
    if (known !== undefined) return known
    const folder = join(opened.database.folder, 'cache')
    const opening = mkdir(folder, { recursive: true }).then(() =>
      openWordBank({
        path: join(folder, `words-${directory.id}.bin`),
        encoder: () => encoders.text(directory),
        makeWay: opened.traffic.pass,
      }),
    )
    banks.set(directory.id, opening)
    opening.catch(() => banks.delete(directory.id))
    return opening
  }

  function windowsOf({ directory }: KnownModel, id: number, path: string) {
    const key = `${directory.id} ${id}`
    const known = kept.get(key)
    const embedding =
      known ?? encoders.image(directory).then((encoder) => embedWindows(encoder, path))
    kept.delete(key)
    kept.set(key, embedding)
    if (known === undefined) embedding.catch(() => kept.delete(key))
    const [oldest] = kept.keys()
    if (kept.size > keptPhotos && oldest !== undefined) kept.delete(oldest)
    return embedding
  }

  return {
    calls: {
      async suggestWords({ id, limit }) {
        const opened = await library.open()
        const { database } = opened
        const model = await registry.register(null)
        const embedding = (await database.embeddings.getMany(model.row.id, [id])).get(id)
        if (embedding === undefined) return []
        const words = await wordsToRank(database)
        const bank = await bankOf(model, opened)
        const known = await bank.embed(words.map(({ text }) => text))
        const candidates = words.flatMap((word): WordCandidate[] => {
          const row = known.get(word.text)
          return row ? [{ ...word, embedding: row }] : []
        })
        const has = [
          ...(await database.captions.ofPhotos([id])),
          ...(await database.tags.ofPhotos([id])),
        ].map(({ text }) => text)
        const photo = { embedding, usual: await usual(database, model.row.id), has }
        return suggestWords(photo, candidates, limit)
      },

      async similar({ id, limit }) {
        const found = await search.similarTo(id, limit)
        return found.flatMap(({ photoId, similarity, relevance }) =>
          similarity === null || relevance === null ? [] : [{ photoId, similarity, relevance }],
        )
      },

      async matchMap({ id, words }) {
        const opened = await library.open()
        const model = await registry.register(null)
        const text = await encoders.text(model.directory)
        const bank = await bankOf(model, opened)
        const windows = await windowsOf(model, id, await readablePath(opened.database, id))
        const phrases = await bank.embed(genericPhrases)
        if (phrases.size === 0) return null
        return drawMatchMap(windows, await text.encode([words]), joinRows([...phrases.values()]))
      },
    },

    async release() {
      const open = [...banks.values()]
      banks.clear()
      for (const bank of await Promise.allSettled(open)) {
        if (bank.status === 'fulfilled') await bank.value.dispose()
      }
    },
  }
}

/** The library's own words first: where the vocabulary has them too, they count as own. */
async function wordsToRank(database: Database): Promise<Omit<WordCandidate, 'embedding'>[]> {
  const tags = await database.tags.mostUsed(ownTags)
  const captions = await database.captions.mostUsed(ownCaptions)
  const vocabulary = await readVocabulary()
  const words = new Map<string, Pick<WordSuggestion, 'text' | 'kind' | 'origin'>>()
  const add = (text: string, kind: WordSuggestion['kind'], origin: WordSuggestion['origin']) => {
    const key = text.trim().toLowerCase()
    if (!words.has(key)) words.set(key, { text, kind, origin })
  }
  for (const text of tags) add(text, 'tag', 'own')
  for (const text of captions) add(text, 'caption', 'own')
  for (const text of vocabulary) add(text, 'tag', 'vocabulary')
  return [...words.values()]
}

/** `meanPhoto`, taken anew only when the model's embeddings have changed. */
function createMeanPhoto(): typeof meanPhoto {
  let known: { stamp: string; mean: ReturnType<typeof meanPhoto> } | null = null
  return async (database, modelId) => {
    const stamp = `${modelId} ${await database.embeddings.version(modelId)}`
    if (known?.stamp !== stamp) known = { stamp, mean: meanPhoto(database, modelId) }
    return known.mean
  }
}

/** The mean embedding of photos from all over the library; null if there are too few. */
async function meanPhoto(database: Database, modelId: number): Promise<Float32Array | null> {
  const ids = await database.embeddings.photoIds(modelId)
  const count = Math.min(photosSampled, ids.length)
  if (count < leastSampled) return null
  const some = Array.from({ length: count }, (_, i) => ids[Math.floor((i * ids.length) / count)]!)
  const rows = [...(await database.embeddings.getMany(modelId, some)).values()]
  const mean = new Float32Array(rows[0]!.length)
  for (const row of rows) for (let k = 0; k < mean.length; k++) mean[k]! += row[k]! / rows.length
  return mean
}

/** @throws PHOTO_NOT_FOUND; IMAGE_UNREADABLE while its folder is offline */
async function readablePath(database: Database, id: number): Promise<string> {
  const [place] = (await locatePhotos(database, [id])).get(id) ?? []
  if (place === undefined) throw new AppError('PHOTO_NOT_FOUND', { photo: String(id) })
  const path = fromPortablePath(place.rootPath, place.relativePath)
  if (!place.offline) return path
  const reason = 'the folder it is in is not connected now'
  throw new AppError('IMAGE_UNREADABLE', { path, reason })
}

function joinRows(rows: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(rows.length * rows[0]!.length)
  rows.forEach((row, i) => {
    joined.set(row, i * row.length)
  })
  return joined
}
