/** Photos: contents, each of which may stand at several paths. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer, nullableInteger } from '../codecs/integer.js'

const photoRow = z.object({
  id: integer,
  /** SHA-256 of the file's bytes, hexadecimal. */
  contentHash: z.string(),
  sizeBytes: integer,
  format: z.string(),
  width: nullableInteger,
  height: nullableInteger,
  /** Local time, "2024-05-03T12:00:00". */
  takenAt: z.string().nullable(),
  takenAtSource: z.enum(['camera', 'name', 'file']).nullable(),
  camera: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  /** Offset of `takenAt` from UTC in minutes, where the camera told it. */
  zoneMinutes: nullableInteger,
  lens: z.string().nullable(),
  exposureSeconds: z.number().nullable(),
  fNumber: z.number().nullable(),
  iso: nullableInteger,
  focalLengthMm: z.number().nullable(),
  createdAt: integer,
})
const contentRow = photoRow.pick({ id: true, contentHash: true })
export type Photo = z.infer<typeof photoRow>
export type NewPhoto = Omit<Photo, 'id'>

/** A path at which a photo stands. */
export interface PhotoLocation {
  photoId: number
  rootId: number
  rootPath: string
  relativePath: string
  /** Whether its root could not be reached when it was last scanned. */
  offline: boolean
}

const locationRow = z.object({
  photoId: integer,
  rootId: integer,
  rootPath: z.string(),
  relativePath: z.string(),
  rootState: z.enum(['online', 'offline']),
})

export function createPhotoRepository(connection: Knex) {
  const photos = () => connection('photos')

  async function* locationRows(photoIds: readonly number[]) {
    for (const ids of chunks(photoIds)) {
      const rows: unknown = await connection('files')
        .join('roots', 'roots.id', 'files.rootId')
        .whereIn('photoId', ids)
        .where('files.state', 'present')
        .orderBy([{ column: 'roots.state', order: 'desc' }, { column: 'files.id' }])
        .select('photoId', 'rootId', 'roots.path as rootPath', 'relativePath')
        .select('roots.state as rootState')
      yield* z.array(locationRow).parse(rows)
    }
  }

  return {
    async get(id: number): Promise<Photo | null> {
      const row: unknown = await photos().where({ id }).first()
      return row === undefined ? null : photoRow.parse(row)
    },

    /** The contents of photos; one that there is not is left out. */
    async contentHashes(ids: readonly number[]): Promise<Map<number, string>> {
      const found = new Map<number, string>()
      for (const some of chunks(ids)) {
        const rows: unknown = await photos().whereIn('id', some).select('id', 'contentHash')
        for (const row of z.array(contentRow).parse(rows)) found.set(row.id, row.contentHash)
      }
      return found
    },

    async getMany(ids: readonly number[]): Promise<Map<number, Photo>> {
      const found = new Map<number, Photo>()
      for (const some of chunks(ids)) {
        const rows = z.array(photoRow).parse(await photos().whereIn('id', some))
        for (const photo of rows) found.set(photo.id, photo)
      }
      return found
    },

    /** Ids by content hash, of those contents that are known. */
    async idsByHash(hashes: readonly string[]): Promise<Map<string, number>> {
      const found = new Map<string, number>()
      for (const some of chunks(hashes)) {
        const rows: unknown = await photos()
          .whereIn('contentHash', some)
          .select('id', 'contentHash')
        const parsed = z.array(contentRow).parse(rows)
        for (const row of parsed) found.set(row.contentHash, row.id)
      }
      return found
    },

    /** Adds contents that are new and leaves known ones as they are; ids by content hash. */
    async addMany(newPhotos: readonly NewPhoto[]): Promise<Map<string, number>> {
      for (const some of chunks(newPhotos)) {
        await photos().insert(some).onConflict('contentHash').ignore()
      }
      return this.idsByHash(newPhotos.map((photo) => photo.contentHash))
    },

    /**
     * Where each photo stands, paths on offline roots last. A photo without any present file is left
     * out; search must not show it.
     */
    async locate(photoIds: readonly number[]): Promise<Map<number, PhotoLocation[]>> {
      const found = new Map<number, PhotoLocation[]>()
      for await (const { rootState, ...row } of locationRows(photoIds)) {
        const location = { ...row, offline: rootState === 'offline' }
        const known = found.get(row.photoId)
        if (known) known.push(location)
        else found.set(row.photoId, [location])
      }
      return found
    },

    /** Whether the library holds any photo: much quicker than counting them. */
    async any(): Promise<boolean> {
      return (await photos().first('id')) !== undefined
    },

    async count(): Promise<number> {
      const row: unknown = await photos().count({ count: '*' }).first()
      return z.object({ count: integer }).parse(row).count
    },

    /** Photos of which a file is present: through the files, in a tenth of the time of asking each photo. */
    async countWithFile(): Promise<number> {
      const present = connection('files').where({ state: 'present' })
      const row: unknown = await present.countDistinct({ count: 'photoId' }).first()
      return z.object({ count: integer }).parse(row).count
    },

    /** Photos of which every present file is under one of the given roots. */
    async countOffline(rootIds: readonly number[]): Promise<number> {
      if (rootIds.length === 0) return 0
      const present = () =>
        connection('files')
          .whereRaw('?? = ??', ['files.photoId', 'photos.id'])
          .where('files.state', 'present')
      const query = photos()
        .whereExists(present().whereIn('rootId', rootIds))
        .whereNotExists(present().whereNotIn('rootId', rootIds))
      const row: unknown = await query.count({ count: '*' }).first()
      return z.object({ count: integer }).parse(row).count
    },

    /** Forgets contents that no path holds any more, not even a vanished one, and that bear no words. */
    async deleteUnused(): Promise<number> {
      const rowsOf = (table: string) =>
        connection(table).whereRaw('?? = ??', [`${table}.photoId`, 'photos.id'])
      return photos()
        .whereNotExists(rowsOf('files'))
        .whereNotExists(rowsOf('captions'))
        .whereNotExists(rowsOf('tags'))
        .delete()
    },
  }
}
