/** What a model has still to encode, and what it could not. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'

const openableFileRow = z.object({
  rootPath: z.string(),
  relativePath: z.string(),
  /** As of the scan that found the photo's content here. */
  sizeBytes: integer,
  mtimeMs: z.number(),
})
export type OpenableFile = z.infer<typeof openableFileRow>

/** A photo to encode, with the paths at which it can be opened now. */
export interface PendingPhoto {
  photoId: number
  contentHash: string
  /** Whether it has its embedding, and only what is found in it is not known yet. */
  embedded: boolean
  files: OpenableFile[]
}

export interface EncodingFailure {
  photoId: number
  code: string
  reason: string
  /** What failed: the version of the decoder. Another one tries again. */
  sourceVersion: string
  failedAt: number
}

const pendingRow = z.object({
  photoId: integer,
  contentHash: z.string(),
  embedded: integer.transform((value) => value === 1),
})
/** A row of a table, with values that it has. */
interface NeededRow {
  readonly table: string
  readonly of: { readonly modelId?: number }
}

const countRow = z.object({ count: integer })
const fileRow = openableFileRow.extend({ photoId: integer })

/** What is asked of the queue beside the model. */
export interface QueueOptions {
  /**
   * Whether photos in which the model has looked for nothing yet are pending too; with `only`, those
   * alone in which no model has, whether they have an embedding or not.
   */
  readonly objects?: boolean | 'only'
}

/** The code of a failure that says nothing about the photo itself: a disk, a permission. */
const passingCode = 'FILE_UNREADABLE'

export function createEncodingQueueRepository(connection: Knex) {
  const failures = () => connection('embeddingFailures')

  const ofPhoto = (table: string) =>
    connection(table).whereRaw('?? = ??', [`${table}.photoId`, 'photos.id'])

  /** Rows that a photo must have to be done, each of this model or of any. */
  const rowsFor = (modelId: number, { objects = false }: QueueOptions): NeededRow[] => {
    if (objects === 'only') return [{ table: 'objectSearches', of: {} }]
    const tables = objects ? ['embeddings', 'objectSearches'] : ['embeddings']
    return tables.map((table) => ({ table, of: { modelId } }))
  }

  /** Whether there is a row for each photo, which is counted in a tenth of the time of asking for each. */
  async function isComplete(modelId: number, options: QueueOptions): Promise<boolean> {
    const count = async (rows: Knex.QueryBuilder) => countRow.parse(await rows.first()).count
    const photos = await count(connection('photos').count({ count: '*' }))
    for (const { table, of } of rowsFor(modelId, options)) {
      const rows = connection(table).where(of)
      // A model has one row for each, of which it takes less to count them all.
      const done =
        of.modelId === undefined
          ? rows.countDistinct({ count: 'photoId' })
          : rows.count({ count: '*' })
      if ((await count(done)) < photos) return false
    }
    return true
  }

  function pendingPhotos(
    modelId: number,
    sourceVersion: string,
    options: QueueOptions,
  ): Knex.QueryBuilder {
    const needed = rowsFor(modelId, options)
    return (
      connection('photos')
        // Asked in this order: of a library that is done, each photo ends at the first question.
        .where((query) => {
          for (const { table, of } of needed) query.orWhereNotExists(ofPhoto(table).where(of))
        })
        .whereExists(
          ofPhoto('files')
            .join('roots', 'roots.id', 'files.rootId')
            .where({ 'files.state': 'present', 'roots.state': 'online' }),
        )
        .whereNotExists(
          ofPhoto('embeddingFailures')
            .where({ modelId, sourceVersion })
            .whereNot({ code: passingCode }),
        )
    )
  }

  async function openableFiles(photoIds: readonly number[]) {
    const rows: unknown = await connection('files')
      .join('roots', 'roots.id', 'files.rootId')
      .whereIn('photoId', photoIds)
      .where({ 'files.state': 'present', 'roots.state': 'online' })
      .orderBy('files.id')
      .select('photoId', 'roots.path as rootPath', 'relativePath')
      .select('files.sizeBytes', 'mtimeMs')
    const byPhoto = new Map<number, PendingPhoto['files']>(photoIds.map((id) => [id, []]))
    for (const { photoId, ...file } of z.array(fileRow).parse(rows)) {
      byPhoto.get(photoId)?.push(file)
    }
    return byPhoto
  }

  return {
    /**
     * The next photos, by rising id after `afterPhotoId`, that `modelId` has neither encoded nor
     * failed on with this version of the decoder, and of which a file can be opened now. Photos
     * that merely could not be read are among them: the trouble may be over.
     */
    async next(
      modelId: number,
      sourceVersion: string,
      {
        afterPhotoId = 0,
        limit = 200,
        objects = false,
      }: QueueOptions & { readonly afterPhotoId?: number; readonly limit?: number } = {},
    ): Promise<PendingPhoto[]> {
      const embedded = ofPhoto('embeddings').where({ modelId })
      const rows: unknown = await pendingPhotos(modelId, sourceVersion, { objects })
        .where('photos.id', '>', afterPhotoId)
        .orderBy('photos.id')
        .limit(limit)
        .select('photos.id as photoId', 'contentHash')
        .select(connection.raw('exists ? as ??', [embedded.select('photoId'), 'embedded']))
      const photos = z.array(pendingRow).parse(rows)
      const found: PendingPhoto[] = []
      for (const some of chunks(photos)) {
        const files = await openableFiles(some.map((photo) => photo.photoId))
        for (const photo of some) found.push({ ...photo, files: files.get(photo.photoId) ?? [] })
      }
      return found
    },

    async count(
      modelId: number,
      sourceVersion: string,
      options: QueueOptions = {},
    ): Promise<number> {
      if (await isComplete(modelId, options)) return 0
      const pending = pendingPhotos(modelId, sourceVersion, options)
      const row: unknown = await pending.count({ count: '*' }).first()
      return countRow.parse(row).count
    },

    async recordFailures(modelId: number, rows: readonly EncodingFailure[]): Promise<void> {
      for (const some of chunks(rows)) {
        await failures()
          .insert(some.map((row) => ({ modelId, ...row })))
          .onConflict(['modelId', 'photoId'])
          .merge()
      }
    },

    /** Those of some photos that a model found to be no pictures. */
    async brokenAmong(photoIds: readonly number[]): Promise<ReadonlySet<number>> {
      const broken = new Set<number>()
      for (const ids of chunks(photoIds)) {
        const rows: unknown = await failures()
          .whereIn('photoId', ids)
          .whereNot({ code: passingCode })
          .select('photoId')
        for (const { photoId } of z.array(z.object({ photoId: integer })).parse(rows)) {
          broken.add(photoId)
        }
      }
      return broken
    },

    /** By root, how many of the photos that stand there failed. */
    async countFailuresByRoot(modelId: number): Promise<ReadonlyMap<number, number>> {
      const rows: unknown = await failures()
        .join('files', 'files.photoId', 'embeddingFailures.photoId')
        .where({ modelId, 'files.state': 'present' })
        .groupBy('rootId')
        .select('rootId')
        .countDistinct({ count: 'files.photoId' })
      const counts = z.array(z.object({ rootId: integer, count: integer })).parse(rows)
      return new Map(counts.map(({ rootId, count }) => [rootId, count]))
    },

    async countFailures(modelId: number): Promise<number> {
      const row: unknown = await failures().where({ modelId }).count({ count: '*' }).first()
      return countRow.parse(row).count
    },

    /** Lets photos be tried again, by any model: one of their files has changed. */
    async forgetFailures(photoIds: readonly number[]): Promise<void> {
      for (const ids of chunks(photoIds)) await failures().whereIn('photoId', ids).delete()
    },

    /** Lets a root's photos be tried again: it was away, which may have been why they failed. */
    async forgetFailuresOfRoot(rootId: number): Promise<void> {
      const ofRoot = connection('files').where({ rootId }).whereNotNull('photoId').select('photoId')
      await failures().whereIn('photoId', ofRoot).delete()
    },

    /** Lets every photo be tried again, by any model: the user asked for it. */
    async forgetAllFailures(): Promise<number> {
      return failures().delete()
    },
  }
}
