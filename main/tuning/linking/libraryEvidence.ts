/** What a library knows of its photos already that tells which of them belong together. */
import type { Database } from '../../storage/openDatabase.js'
import type { EmbedPictures } from './pictureEvidence.js'
import { contentOf, type PictureFacts, shotOf } from './pictureFacts.js'

/** A photo at one of its paths. */
interface PhotoAt {
  readonly photoId: number
  readonly image: string
}

export interface LibraryEvidence {
  readonly known: ReadonlyMap<string, PictureFacts>
  /** Reads what the model in use made of the photos; null without one. */
  readonly embed: EmbedPictures | null
}

export async function readLibraryEvidence(
  database: Database,
  photos: readonly PhotoAt[],
): Promise<LibraryEvidence> {
  const rows = await database.photos.getMany(photos.map(({ photoId }) => photoId))
  const known = new Map<string, PictureFacts>()
  for (const { photoId, image } of photos) {
    const row = rows.get(photoId)
    if (row) known.set(image, { content: contentOf(row.contentHash), shot: shotOf(row) })
  }
  const activeId = await database.settings.get('activeModelId')
  const model = activeId === null ? null : await database.models.get(activeId)
  return { known, embed: model && embedByLibrary(database, model, photos) }
}

/** Photos that the model has not seen yet have rows of zeros, and are linked by the other rules. */
function embedByLibrary(
  database: Database,
  { id, dim }: { readonly id: number; readonly dim: number },
  photos: readonly PhotoAt[],
): EmbedPictures {
  return async (paths, { signal, onProgress }) => {
    const photoOf = new Map(photos.map(({ photoId, image }) => [image, photoId]))
    const rowsOf = new Map<number, number[]>()
    paths.forEach((path, row) => {
      const photo = photoOf.get(path)
      if (photo !== undefined) rowsOf.set(photo, [...(rowsOf.get(photo) ?? []), row])
    })
    const data = new Float32Array(paths.length * dim)
    let done = 0
    for await (const { photoIds, vectors } of database.embeddings.streamPages(id)) {
      signal.throwIfAborted()
      photoIds.forEach((photo, i) => {
        for (const row of rowsOf.get(photo) ?? []) {
          data.set(vectors.subarray(i * dim, (i + 1) * dim), row * dim)
          done++
        }
      })
      onProgress(done, paths.length)
    }
    onProgress(paths.length, paths.length)
    return { dim, data }
  }
}
