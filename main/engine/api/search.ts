/** Search in the query language, as windows, browsers and the command line ask for it. */
import { parseQuery } from '../../../shared/query/parseQuery.js'
import { requirePhotos } from '../../library/requirePhotos.js'
import { completeQuery } from '../../search/completeQuery.js'
import type { QueryPictures } from '../../search/queryPictures.js'
import { createQueryPictures, queryPictureType } from '../../search/queryPictures.js'
import type { RankedPhoto } from '../../search/ranking/rankThread.js'
import { tellObjects } from '../../search/tellObjects.js'
import { wordsLookedFor } from '../../search/wordsLookedFor.js'
import type { EncoderCache } from '../encoderCache.js'
import type { Handles } from '../handles.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { Rankers } from '../rankers.js'
import type { ApiOf } from '../router.js'
import { createSearcher } from '../searcher.js'
import type { VectorCache } from '../vectorCache.js'
import { createPathSearchApi, type PathSearchApi } from './searchByPath.js'

export interface SearchApi extends PathSearchApi {
  /** What the contract promises. */
  readonly calls: ApiOf<'search'>
  /** Photos that resemble one, the most similar first. @throws NOT_INDEXED */
  similarTo(photoId: number, limit: number): Promise<RankedPhoto[]>
  /** Takes a picture to look for. @throws IMAGE_UNREADABLE, DISK_FULL */
  addPictureBytes(bytes: Uint8Array): Promise<{ readonly picture: string }>
  /** The file of a picture that was added; null if it is not kept any more. */
  findPicture(picture: string): Promise<PictureFile | null>
  /** Loads what the first search needs. */
  warm(): Promise<void>
}

export interface PictureFile {
  readonly path: string
  readonly contentType: string
  /** Of its content. */
  readonly etag: string
}

export interface SearchDependencies {
  readonly library: LibraryOpener
  readonly models: ModelRegistry
  readonly encoders: EncoderCache
  readonly vectors: VectorCache
  readonly rankers: Rankers
  readonly handles: Handles
  /** Told that judgements have changed. */
  readonly onWords: () => void
}

const shownHistory = 100

export function createSearchApi(dependencies: SearchDependencies): SearchApi {
  const { library, handles, onWords } = dependencies
  const open = async () => (await library.open()).database
  const pictures = async (): Promise<QueryPictures> =>
    createQueryPictures((await library.open()).pictureFolder)
  const searcher = createSearcher({ ...dependencies, pictures })

  /** The registry would take a model's path too, which no client may give. */
  async function refusePath(model: string | null): Promise<void> {
    if (model !== null) await dependencies.models.known(model)
  }

  const calls: ApiOf<'search'> = {
    async run({ query, order, model }) {
      await refusePath(model)
      return searcher.run({ query, order, model })
    },

    async explain({ query, ids, model = null }) {
      await refusePath(model)
      const database = await open()
      const { fullText, judgements } = database
      const parsed = parseQuery(query)
      const words = wordsLookedFor(parsed.terms)
      const matched = words === null ? new Map() : await fullText.matches(ids, words)
      const shown = await tellObjects(database, parsed, ids)
      const judged = await judgements.ofQuery(query.trim(), ids)
      return (await searcher.explain({ query, ids, model })).map((photo) => ({
        ...photo,
        matched: [
          ...(matched.get(photo.photoId) ?? []),
          ...(shown.get(photo.photoId) ?? []).map((text) => ({ kind: 'object' as const, text })),
        ],
        judgement: judged.get(photo.photoId) ?? null,
      }))
    },

    async complete({ text, cursor }) {
      return completeQuery(await open(), text, Math.min(cursor, text.length))
    },

    async remember({ query }) {
      if (query.trim() === '') return
      await (await open()).searchHistory.remember(query.trim(), Date.now())
    },

    async history() {
      const past = await (await open()).searchHistory.list(shownHistory)
      return past.map(({ query, at }) => ({ query, at: new Date(at).toISOString() }))
    },

    async forget({ query }) {
      const { searchHistory } = await open()
      if (query === null) await searchHistory.forgetAll()
      else await searchHistory.forget(query.trim())
    },

    async judge({ query, ids, judgement }) {
      await requirePhotos(await open(), ids)
      await (await open()).judgements.set(query.trim(), ids, judgement, Date.now())
      onWords()
    },

    async addPicture({ file }) {
      return { picture: await (await pictures()).add(handles.resolve(file)) }
    },
  }

  return {
    ...createPathSearchApi(dependencies),
    calls,
    similarTo: (photoId, limit) => searcher.head(`like:${photoId}`, limit),
    warm: () => searcher.warm(),

    async addPictureBytes(bytes) {
      return { picture: await (await pictures()).add(bytes) }
    },

    async findPicture(picture) {
      const path = await (await pictures()).find(picture)
      return path === null ? null : { path, contentType: queryPictureType, etag: `"${picture}"` }
    },
  }
}
