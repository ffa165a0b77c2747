/** Makes cheap what every search reads: the version of the embeddings, and where things were found. */
import type { Knex } from 'knex'

export const searchReads = {
  name: '0008SearchReads',
  async up(database: Knex): Promise<void> {
    // Embeddings also go with their photos, which would have to be counted to be noticed.
    await database.raw(`CREATE TRIGGER embeddingTaken AFTER DELETE ON embeddings BEGIN
      UPDATE embeddingVersions SET version = version + 1 WHERE modelId = OLD.modelId; END`)
    await database.schema.alterTable('objects', (table) => {
      table.dropIndex(['name', 'photoId'])
      // All that is asked of a class, so that no row needs to be read.
      table.index(['name', 'photoId', 'modelId', 'score'])
    })
  },
}
