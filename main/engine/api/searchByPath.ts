/** Search as the command line asks for it: the best few, by words, by a picture's path, or by a photo. */
import type { SearchHit, SearchResult } from '../../../shared/domain/search.js'
import { AppError } from '../../../shared/errors.js'
import { findPhoto } from '../../library/findPhoto.js'
import { locatePhotos } from '../../library/locatePhotos.js'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../ml/clip/preprocess.js'
import { fromPortablePath } from '../../platform/paths.js'
import { meanDirection } from '../../search/meanDirection.js'
import type { VectorHit } from '../../search/vectorIndex.js'
import type { VectorStore } from '../../search/vectorStore.js'
import type { Database } from '../../storage/openDatabase.js'
import type { PhotoLocation } from '../../storage/repositories/photos.js'
import type { EncoderCache } from '../encoderCache.js'
import type { KnownModel, ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { VectorCache } from '../vectorCache.js'

/** What is looked for; at least one of the first three. */
export interface SearchRequest {
  readonly words: string | null
  /** Path of a picture, in the library or not. */
  readonly imageFile: string | null
  /** Path or id of a photo of the library; it is left out of the hits. */
  readonly likePhoto: string | null
  /** The active model for null. */
  readonly model: string | null
  readonly limit: number
}

export type EmbedRequest = Pick<SearchRequest, 'words' | 'imageFile' | 'model'>

export interface Embedding {
  readonly model: string
  readonly dim: number
  /** [dim], of length 1. */
  readonly embedding: number[]
}

export interface PathSearchApi {
  /** @throws LIBRARY_EMPTY, NOT_INDEXED, PHOTO_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT */
  search(request: SearchRequest): Promise<SearchResult>
  /** The id of a photo by its path or its id. @throws PHOTO_NOT_FOUND */
  findPhoto(reference: string): Promise<number>
  /** The embedding of a text, a picture, or both. */
  embed(request: EmbedRequest): Promise<Embedding>
}

export interface PathSearchDependencies {
  readonly library: LibraryOpener
  readonly models: ModelRegistry
  readonly encoders: EncoderCache
  readonly vectors: VectorCache
}

export function createPathSearchApi(dependencies: PathSearchDependencies): PathSearchApi {
  const { library, models, encoders, vectors } = dependencies

  return {
    async search(request) {
      const { database } = await library.open()
      if (!(await database.photos.any())) {
        throw new AppError('LIBRARY_EMPTY', { path: database.folder })
      }
      const model = await models.register(request.model)
      if (!(await database.embeddings.any(model.row.id))) {
        throw new AppError('NOT_INDEXED', { model: model.row.name })
      }
      const like = request.likePhoto === null ? null : await findPhoto(database, request.likePhoto)
      const stored = like === null ? [] : [await storedEmbedding(database, model, like)]
      // Both take a while on the first search, in threads of their own.
      const encoding = encodeQuery(encoders, model.directory, request)
      encoding.catch(() => {})
      return vectors.use(model.row, async (store) => {
        const query = meanDirection([...(await encoding), ...stored])
        const startedAt = performance.now()
        const found = await findShown(database, store, query, { limit: request.limit, like })
        const hits = describeHits(found)
        const durationMs = performance.now() - startedAt
        return { model: model.row.uid, searched: await store.size(), durationMs, hits }
      })
    },

    findPhoto: async (reference) => findPhoto((await library.open()).database, reference),

    async embed(request) {
      const model = await models.open(request.model)
      const embedding = meanDirection(await encodeQuery(encoders, model, request))
      return { model: model.id, dim: embedding.length, embedding: [...embedding] }
    },
  }
}

async function encodeQuery(
  encoders: EncoderCache,
  model: ModelDirectory,
  { words, imageFile }: Pick<SearchRequest, 'words' | 'imageFile'>,
): Promise<Float32Array[]> {
  const parts: Float32Array[] = []
  if (words !== null && words.trim() !== '') {
    parts.push(await (await encoders.text(model)).encode([words]))
  }
  if (imageFile !== null) {
    const pixels = await loadPixelValues(imageFile, model.preprocess)
    parts.push((await (await encoders.image(model)).encode(pixels, 1)).embeddings)
  }
  return parts
}

async function storedEmbedding(
  database: Database,
  { row }: KnownModel,
  photoId: number,
): Promise<Float32Array> {
  const found = await database.embeddings.getMany(row.id, [photoId])
  const vector = found.get(photoId)
  if (!vector) throw new AppError('NOT_INDEXED', { model: row.name })
  return vector
}

/** A hit with where its photo stands, best place first. */
interface ShownHit extends VectorHit {
  readonly places: readonly PhotoLocation[]
}

/** More hits than wanted are looked at, as some may stand nowhere any more. */
const spareHits = 16

/**
 * The best `limit` photos that still stand somewhere. One whose last file has gone keeps its
 * embedding, in case it comes back; many of the best may be such, so the search is widened until
 * there are enough others.
 */
async function findShown(
  database: Database,
  vectors: VectorStore,
  query: Float32Array,
  { limit, like }: { limit: number; like: number | null },
): Promise<ShownHit[]> {
  for (let wanted = limit + spareHits; ; wanted *= 4) {
    const found = await vectors.search(query, wanted)
    const others = found.filter(({ key }) => key !== like)
    const located = await locatePhotos(
      database,
      others.map((hit) => hit.key),
    )
    const shown = others.flatMap((hit): ShownHit[] => {
      const places = located.get(hit.key)
      return places ? [{ ...hit, places }] : []
    })
    if (shown.length >= limit || found.length < wanted) return shown.slice(0, limit)
  }
}

function describeHits(found: readonly ShownHit[]): SearchHit[] {
  return found.map(({ key, score, places }, index) => {
    const [path = '', ...otherPaths] = places.map(({ rootPath, relativePath }) =>
      fromPortablePath(rootPath, relativePath),
    )
    const offline = places[0]?.offline ?? false
    return { rank: index + 1, photoId: key, path, otherPaths, score, offline }
  })
}
