/** Things that image encoders found in photos, and which photos they were looked for in. */
import type { Knex } from 'knex'

export const objects = {
  name: '0006Objects',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('objects', (table) => {
      table.integer('modelId').notNullable().references('models.id').onDelete('CASCADE')
      table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE').index()
      // The surest of a photo is 0.
      table.integer('place').notNullable()
      table.text('name').notNullable()
      for (const share of ['score', 'left', 'top', 'right', 'bottom']) {
        table.double(share).notNullable()
      }
      table.primary(['modelId', 'photoId', 'place'])
      table.index(['name', 'photoId'])
    })
    // Most photos show nothing that is found: that they were looked at has to be known as well.
    await database.schema.createTable('objectSearches', (table) => {
      table.integer('modelId').notNullable().references('models.id').onDelete('CASCADE')
      table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE').index()
      table.primary(['modelId', 'photoId'])
    })
  },
}
