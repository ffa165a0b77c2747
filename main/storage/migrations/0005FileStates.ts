/** Counts of files by folder and state, which are asked for often, without reading every row. */
import type { Knex } from 'knex'

export const fileStates = {
  name: '0005FileStates',
  async up(database: Knex): Promise<void> {
    await database.schema.alterTable('files', (table) => {
      table.index(['rootId', 'state'])
    })
  },
}
