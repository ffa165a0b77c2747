/** The user's folders. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { integer, nullableInteger } from '../codecs/integer.js'
import { movePaths } from '../movePaths.js'

const rootRow = z.object({
  id: integer,
  /** Absolute, free of symbolic links. */
  path: z.string(),
  state: z.enum(['online', 'offline']),
  addedAt: integer,
  lastScanAt: nullableInteger,
  /** Number of the last scan begun; `files.seenScan` refers to it. */
  lastScanId: integer,
})
export type Root = z.infer<typeof rootRow>
export type RootState = Root['state']

export function createRootRepository(connection: Knex) {
  const roots = () => connection('roots')
  return {
    async list(): Promise<Root[]> {
      return z.array(rootRow).parse(await roots().orderBy('id'))
    },

    async get(id: number): Promise<Root | null> {
      const row: unknown = await roots().where({ id }).first()
      return row === undefined ? null : rootRow.parse(row)
    },

    async add(path: string, addedAt: number): Promise<Root> {
      const [row] = await roots().insert({ path, state: 'online', addedAt }).returning('*')
      return rootRow.parse(row)
    },

    /** Follows folders that moved with the folder `from`, whose separators they share. */
    async movePaths(from: string, to: string): Promise<void> {
      await movePaths(connection, 'roots', from, to)
    },

    /** Forgets a root with its files. */
    async remove(id: number): Promise<void> {
      await roots().where({ id }).delete()
    },

    async setState(id: number, state: RootState): Promise<void> {
      await roots().where({ id }).update({ state })
    },

    /** The number of a new scan of this root. */
    async beginScan(id: number): Promise<number> {
      const [row] = await roots().where({ id }).increment('lastScanId', 1).returning('lastScanId')
      return integer.parse(row?.lastScanId)
    },

    async endScan(id: number, lastScanAt: number): Promise<void> {
      await roots().where({ id }).update({ lastScanAt, state: 'online' })
    },

    /** Hands the files of `from` to `to`, below `prefix` (which ends with a slash), and drops `from`. */
    async merge(from: number, to: number, prefix: string): Promise<void> {
      await connection('files')
        .where({ rootId: from })
        .update({
          rootId: to,
          relativePath: connection.raw('? || ??', [prefix, 'relativePath']),
          seenScan: 0,
        })
      await roots().where({ id: from }).delete()
    },
  }
}
