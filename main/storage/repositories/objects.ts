/** Things that image encoders found in photos, per model version, and where they were looked for. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { PhotoObject } from '../../../shared/domain/photo.js'
import { chunks } from '../chunks.js'
import { integer } from '../codecs/integer.js'
import { idsText } from '../codecs/numbersText.js'

/** What was found in a photo, the surest first; nothing counts as found, too. */
export interface PhotoObjects {
  readonly photoId: number
  readonly objects: readonly PhotoObject[]
}

const objectRow = z
  .object({
    name: z.string(),
    score: z.number(),
    left: z.number(),
    top: z.number(),
    right: z.number(),
    bottom: z.number(),
  })
  .transform(({ name, score, ...box }): PhotoObject => ({ name, score, box }))

const countRow = z.object({ photoId: integer, name: z.string(), count: integer })
const nameRow = z.object({ name: z.string() })
const foundRow = z.object({ ids: idsText, sure: integer })
/** Mean score of finds that are rather right than wrong: see "Objects" in the starter's model card. */
const sureScore = 0.5

/** A thing as the classes that it may be, and how many there shall be at least. */
export interface WantedObject {
  readonly names: readonly string[]
  readonly amount: number
}

/** Photos by what was found in them, best first; `sure` of them surely show all of it, as often as is wanted. */
export type FoundPhotos = z.infer<typeof foundRow>

/** How many of a class were found in a photo. */
export type ObjectCount = z.infer<typeof countRow>

export function createObjectRepository(connection: Knex) {
  return {
    /** Notes what a model found in these photos, in place of what it had found there before. */
    async saveMany(modelId: number, photos: readonly PhotoObjects[]): Promise<void> {
      await connection.transaction(async (transaction) => {
        for (const some of chunks(photos)) {
          const photoIds = some.map(({ photoId }) => photoId)
          await transaction('objects').where({ modelId }).whereIn('photoId', photoIds).delete()
          const searches = photoIds.map((photoId) => ({ modelId, photoId }))
          await transaction('objectSearches')
            .insert(searches)
            .onConflict(['modelId', 'photoId'])
            .ignore()
        }
        const rows = photos.flatMap(({ photoId, objects }) =>
          objects.map(({ name, score, box }, place) => {
            return { modelId, photoId, place, name, score, ...box }
          }),
        )
        // Nine columns each: fewer rows than usual make as many parameters.
        for (const some of chunks(rows, 80)) await transaction('objects').insert(some)
      })
    },

    /** Gives a model what another one found in these photos, of which it knows nothing yet. */
    async copy(fromModelId: number, toModelId: number, photoIds: readonly number[]): Promise<void> {
      await connection.transaction(async (transaction) => {
        for (const [table, columns] of copiedTables) {
          for (const ids of chunks(photoIds)) {
            const found = transaction(table)
              .where({ modelId: fromModelId })
              .whereIn('photoId', ids)
              .select(transaction.raw('? as ??', [toModelId, 'modelId']), ...columns)
            await transaction(
              transaction.raw(`?? (${['modelId', ...columns].map(() => '??').join(', ')})`, [
                table,
                'modelId',
                ...columns,
              ]),
            ).insert(found)
          }
        }
      })
    },

    /**
     * What was found in a photo: by the given model where it has looked, else by the newest that has.
     * Empty where none has.
     */
    async ofPhoto(photoId: number, modelId: number | null): Promise<PhotoObject[]> {
      const looked = await connection('objectSearches')
        .where({ photoId })
        .orderByRaw('?? = ? desc, ?? desc', ['modelId', modelId, 'modelId'])
        .first<{ modelId: number } | undefined>('modelId')
      if (looked === undefined) return []
      const rows: unknown = await connection('objects')
        .where({ photoId, modelId: looked.modelId })
        .orderBy('place')
        .select('name', 'score', 'left', 'top', 'right', 'bottom')
      return z.array(objectRow).parse(rows)
    },

    /** Of the given photos, how many of these classes were found, by the model that found most. */
    async countIn(photoIds: readonly number[], names: readonly string[]): Promise<ObjectCount[]> {
      const counts: ObjectCount[] = []
      for (const ids of chunks(photoIds)) {
        const perModel = connection('objects')
          .whereIn('photoId', ids)
          .whereIn('name', [...names])
          .groupBy('photoId', 'name', 'modelId')
          .select('photoId', 'name')
          .count({ count: '*' })
        const rows: unknown = await connection
          .from(perModel.as('perModel'))
          .groupBy('photoId', 'name')
          .select('photoId', 'name')
          .max({ count: 'count' })
        counts.push(...z.array(countRow).parse(rows))
      }
      return counts
    },

    /** The classes of all that was found. Steps from one to the next in the index; `distinct` would read all of it. */
    async names(): Promise<Set<string>> {
      const rows: unknown = await connection.raw(
        `WITH RECURSIVE names(name) AS (
          SELECT min(name) FROM objects
          UNION ALL
          SELECT (SELECT min(name) FROM objects WHERE name > names.name) FROM names
          WHERE names.name IS NOT NULL
        ) SELECT name FROM names WHERE name IS NOT NULL`,
      )
      return new Set(
        z
          .array(nameRow)
          .parse(rows)
          .map(({ name }) => name),
      )
    },

    /**
     * Photos in which any of `wanted` was found, and none of the classes `unwanted`: those with most of
     * them first, then those with as many of each as are wanted, then by how sure the finds are.
     */
    async search(
      wanted: readonly WantedObject[],
      unwanted: readonly string[],
    ): Promise<FoundPhotos> {
      if (wanted.length === 0) return { ids: new Uint32Array(), sure: 0 }
      const perModel = connection('objects')
        .whereIn(
          'name',
          wanted.flatMap(({ names }) => names),
        )
        .whereNotIn(
          'photoId',
          connection('objects')
            .whereIn('name', [...unwanted])
            .select('photoId'),
        )
        .groupBy('photoId', 'modelId')
        .select('photoId', ...wanted.flatMap(({ names }, i) => findsOf(connection, names, i)))
      const perPhoto = connection
        .from(perModel.as('perModel'))
        .groupBy('photoId')
        .select('photoId')
        .max(Object.fromEntries(wanted.flatMap((_, i) => columnsOf(i).map((name) => [name, name]))))
      const scored = connection
        .from(perPhoto.as('perPhoto'))
        .select('photoId', ...summed(connection, wanted))
      const ranked = connection
        .from(scored.as('scored'))
        .orderByRaw('?? desc, ?? desc, ?? desc, ??', ['found', 'enough', 'score', 'photoId'])
      const rows: unknown = await connection
        .from(ranked.as('ranked'))
        .select(connection.raw('group_concat(??) as ??', ['photoId', 'ids']))
        .select(
          connection.raw('coalesce(sum(?? = ? and ?? >= ?), 0) as ??', [
            ...['enough', wanted.length],
            ...['score', wanted.length * sureScore],
            'sure',
          ]),
        )
      return z.array(foundRow).parse(rows)[0]!
    },

    /** Drops what a model found. */
    async deleteModel(modelId: number): Promise<void> {
      await connection.transaction(async (transaction) => {
        for (const [table] of copiedTables) await transaction(table).where({ modelId }).delete()
      })
    },

    /** Drops everything that was found, as if nothing had ever been looked for. */
    async forgetAll(): Promise<void> {
      await connection.transaction(async (transaction) => {
        for (const [table] of copiedTables) await transaction(table).delete()
      })
    },
  }
}

/** Columns of a wanted thing: its surest find, and how many finds there are. */
function columnsOf(number: number): [best: string, count: string] {
  return [`best${number}`, `count${number}`]
}

/** The surest find of any of the classes, and how many there are, of a group of rows. */
function findsOf(connection: Knex, names: readonly string[], number: number): Knex.Raw[] {
  const [best, count] = columnsOf(number)
  const isOne = `?? in (${names.map(() => '?').join(', ')})`
  const named = ['name', ...names]
  return [
    connection.raw(`max(case when ${isOne} then ?? end) as ??`, [...named, 'score', best]),
    connection.raw(`sum(${isOne}) as ??`, [...named, count]),
  ]
}

/** How many of the wanted things are there, how many of them often enough, and how surely. */
function summed(connection: Knex, wanted: readonly WantedObject[]): Knex.Raw[] {
  const sum = (part: string, values: readonly (string | number)[], name: string) =>
    connection.raw(`${wanted.map(() => part).join(' + ')} as ??`, [...values, name])
  const best = wanted.map((_, i) => columnsOf(i)[0])
  const counts = wanted.flatMap(({ amount }, i) => [columnsOf(i)[1], amount])
  return [
    sum('(?? is not null)', best, 'found'),
    sum('(?? >= ?)', counts, 'enough'),
    sum('coalesce(??, 0)', best, 'score'),
  ]
}

/** The tables, with their columns beside the model. */
const copiedTables = [
  ['objects', ['photoId', 'place', 'name', 'score', 'left', 'top', 'right', 'bottom']],
  ['objectSearches', ['photoId']],
] as const
