/** Embeddings of what queries look for, by a model of the library; the latest are kept. */
import { loadPixelValues } from '../ml/clip/preprocess.js'
import type { TermEncoders } from '../search/encodeTerms.js'
import type { QueryPictures } from '../search/queryPictures.js'
import type { EncoderCache } from './encoderCache.js'
import type { KnownModel } from './modelRegistry.js'
import type { LibraryOpener } from './openLibrary.js'

export interface TermEncoderDependencies {
  readonly library: LibraryOpener
  readonly encoders: EncoderCache
  readonly pictures: () => Promise<QueryPictures>
}

/** A person who types and deletes asks for the same words again. */
const keptEmbeddings = 200

export function createTermEncoders(
  dependencies: TermEncoderDependencies,
): (model: KnownModel) => TermEncoders {
  const { library, encoders, pictures } = dependencies
  /** By model and text or picture; the one used longest ago first. */
  const kept = new Map<string, Float32Array>()

  function recall(key: string): Float32Array | null {
    const known = kept.get(key)
    if (known === undefined) return null
    keep(key, known)
    return known
  }

  function keep(key: string, vector: Float32Array): void {
    kept.delete(key)
    kept.set(key, vector)
    const [oldest] = kept.keys()
    if (kept.size > keptEmbeddings && oldest !== undefined) kept.delete(oldest)
  }

  return ({ row, directory }) => ({
    async texts(texts) {
      const keys = texts.map((text) => `${row.uid} text ${text}`)
      const unknown = texts.filter((_, i) => !kept.has(keys[i]!))
      const made = new Map<string, Float32Array>()
      if (unknown.length > 0) {
        const encoder = await encoders.text(directory)
        const rows = await encoder.encode(unknown)
        unknown.forEach((text, i) => {
          made.set(text, rows.slice(i * row.dim, (i + 1) * row.dim))
        })
      }
      return texts.map((text, i) => {
        const vector = made.get(text) ?? recall(keys[i]!)!
        keep(keys[i]!, vector)
        return vector
      })
    },

    async photo(photoId) {
      const { database } = await library.open()
      return (await database.embeddings.getMany(row.id, [photoId])).get(photoId) ?? null
    },

    async picture(picture) {
      const key = `${row.uid} picture ${picture}`
      const known = recall(key)
      const path = await (await pictures()).find(picture)
      if (known !== null || path === null) return known
      const pixels = await loadPixelValues(path, directory.preprocess)
      const { embeddings } = await (await encoders.image(directory)).encode(pixels, 1)
      keep(key, embeddings)
      return embeddings
    },
  })
}
