/** What the user said of search results, and the runs that learn from it and from captions. */
import type { Knex } from 'knex'

export const teaching = {
  name: '0004Teaching',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('judgements', (table) => {
      table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE')
      table.text('query').notNullable()
      table.text('judgement').notNullable()
      table.bigInteger('at').notNullable()
      table.primary(['photoId', 'query'])
      table.index('query')
    })
    await database.schema.createTable('teachRuns', (table) => {
      table.increments('id')
      // No foreign key: a run outlives its job, which the user may clear away.
      table.integer('job').unique()
      table.text('name').notNullable()
      table.text('method').notNullable()
      // The name of the model's folder among the library's models.
      table.text('folder').notNullable()
      for (const json of ['lesson', 'curves', 'outcome']) table.text(json)
      table.integer('pairs').notNullable().defaultTo(0)
      table.integer('heldOut').notNullable().defaultTo(0)
      table.text('decision')
      table.bigInteger('startedAt').notNullable()
    })
  },
}
