/** Files: the paths at which photos stand. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer, nullableInteger } from '../codecs/integer.js'

const fileRow = z.object({
  id: integer,
  /** Null for a file that could not be read. */
  photoId: nullableInteger,
  rootId: integer,
  /** With forward slashes. */
  relativePath: z.string(),
  sizeBytes: integer,
  mtimeMs: z.number(),
  ctimeMs: z.number(),
  state: z.enum(['present', 'missing', 'failed']),
  errorCode: z.string().nullable(),
  errorReason: z.string().nullable(),
  seenScan: integer,
})
export type PhotoFile = z.infer<typeof fileRow>
export type NewPhotoFile = Omit<PhotoFile, 'id'>

const stateCountRow = z.object({ rootId: integer, state: fileRow.shape.state, count: integer })
export type FileStateCount = z.infer<typeof stateCountRow>

export function createFileRepository(connection: Knex) {
  const files = () => connection('files')
  const parse = (rows: unknown) => z.array(fileRow).parse(rows)
  return {
    async findMany(rootId: number, paths: readonly string[]): Promise<Map<string, PhotoFile>> {
      const found = new Map<string, PhotoFile>()
      for (const some of chunks(paths)) {
        const rows = parse(await files().where({ rootId }).whereIn('relativePath', some))
        for (const file of rows) found.set(file.relativePath, file)
      }
      return found
    },

    async ofPhotos(photoIds: readonly number[]): Promise<PhotoFile[]> {
      const found: PhotoFile[] = []
      for (const ids of chunks(photoIds)) {
        found.push(...parse(await files().whereIn('photoId', ids).orderBy('id')))
      }
      return found
    },

    /** Ids, rising, of the photos that stand in one of the roots. */
    async photosInRoots(rootIds: readonly number[]): Promise<number[]> {
      const rows: unknown = await files()
        .whereIn('rootId', rootIds)
        .where({ state: 'present' })
        .whereNotNull('photoId')
        .distinct('photoId')
        .orderBy('photoId')
      return z
        .array(z.object({ photoId: integer }))
        .parse(rows)
        .map((row) => row.photoId)
    },

    /** Adds files, or brings known ones (by root and path) up to date. */
    async saveMany(newFiles: readonly NewPhotoFile[]): Promise<void> {
      for (const some of chunks(newFiles)) {
        await files().insert(some).onConflict(['rootId', 'relativePath']).merge()
      }
    },

    /** Marks unchanged files as seen by a scan; one that had vanished is there again. */
    async markSeen(ids: readonly number[], seenScan: number): Promise<void> {
      for (const some of chunks(ids)) {
        await files().whereIn('id', some).update({ seenScan })
        await files().whereIn('id', some).where({ state: 'missing' }).update({ state: 'present' })
      }
    },

    /** Leaves the files below a folder that cannot be read now as they are. */
    async markFolderSeen(rootId: number, folder: string, seenScan: number): Promise<void> {
      const prefix = `${folder}/`
      await files()
        .where({ rootId })
        .whereRaw('substr(??, 1, ?) = ?', ['relativePath', [...prefix].length, prefix])
        .update({ seenScan })
    },

    /** Marks what a finished scan has not seen; returns how many that were newly found gone. */
    async markUnseenMissing(rootId: number, seenScan: number): Promise<number> {
      const unseen = () => files().where({ rootId }).whereNot({ seenScan })
      await unseen().whereNull('photoId').delete()
      return unseen().whereNot({ state: 'missing' }).update({ state: 'missing' })
    },

    /** Forgets vanished paths of photos that stand elsewhere: they were moved or renamed. */
    async deleteMoved(rootId: number): Promise<number> {
      const elsewhere = connection('files as other')
        .join('roots', 'roots.id', 'other.rootId')
        .whereRaw('?? = ??', ['other.photoId', 'files.photoId'])
        .where({ 'other.state': 'present', 'roots.state': 'online' })
      return files().where({ rootId, state: 'missing' }).whereExists(elsewhere).delete()
    },

    /** Makes the next scan read failed files again although they have not changed. */
    async forgetFailures(rootId: number | null): Promise<number> {
      const failed = files().where({ state: 'failed' })
      return (rootId === null ? failed : failed.where({ rootId })).update({ sizeBytes: -1 })
    },

    async any(rootId: number): Promise<boolean> {
      const query = files().where({ rootId, state: 'present' })
      return (await query.first('id')) !== undefined
    },

    async countByState(): Promise<FileStateCount[]> {
      const rows: unknown = await files()
        .groupBy('rootId', 'state')
        .select('rootId', 'state')
        .count({ count: '*' })
      return z.array(stateCountRow).parse(rows)
    },
  }
}
