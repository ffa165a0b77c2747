/** Model versions that the library knows, removed ones included: embeddings refer to them. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer, nullableInteger } from '../codecs/integer.js'
import { movePaths } from '../movePaths.js'

const modelRow = z.object({
  id: integer,
  /** The id in the directory's semblance.json; it names the pair of encoders, not the place. */
  uid: z.string(),
  /** Absolute path of the model directory. */
  path: z.string(),
  name: z.string(),
  kind: z.enum(['starter', 'downloaded', 'imported', 'tuned']),
  parentId: nullableInteger,
  dim: integer,
  addedAt: integer,
  removedAt: nullableInteger,
})
export type Model = z.infer<typeof modelRow>
export type NewModel = Omit<Model, 'id' | 'removedAt'>

export function createModelRepository(connection: Knex) {
  const models = () => connection('models')
  const one = (row: unknown) => (row === undefined ? null : modelRow.parse(row))
  return {
    async get(id: number): Promise<Model | null> {
      return one(await models().where({ id }).first())
    },

    async byUid(uid: string): Promise<Model | null> {
      return one(await models().where({ uid }).first())
    },

    /** Those not removed, oldest first. */
    async list(): Promise<Model[]> {
      return z.array(modelRow).parse(await models().whereNull('removedAt').orderBy('id'))
    },

    /** Those removed, whose rows stay. */
    async removed(): Promise<Model[]> {
      return z.array(modelRow).parse(await models().whereNotNull('removedAt').orderBy('id'))
    },

    /**
     * Adds a model; one known by its uid gets the new path, name and kind and is no longer removed. The
     * starter stays that, wherever it lies.
     */
    async save(model: NewModel): Promise<Model> {
      const { path, name } = model
      const [row] = await models()
        .insert(model)
        .onConflict('uid')
        .merge({
          path,
          name,
          kind: connection.raw(`case when ?? = 'starter' then ?? else ?? end`, [
            'models.kind',
            'models.kind',
            'excluded.kind',
          ]),
          removedAt: null,
        })
        .returning('*')
      return modelRow.parse(row)
    },

    /** Follows models that moved with the folder `from`, whose separators they share. */
    async movePaths(from: string, to: string): Promise<void> {
      await movePaths(connection, 'models', from, to)
    },

    async markRemoved(id: number, removedAt: number): Promise<void> {
      await models().where({ id }).update({ removedAt })
    },
  }
}
