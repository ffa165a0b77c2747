/** What cameras tell beyond time and place, and the order of time for the library's view. */
import type { Knex } from 'knex'

export const photoDetails = {
  name: '0002PhotoDetails',
  async up(database: Knex): Promise<void> {
    await database.schema.alterTable('photos', (table) => {
      // Offset of `takenAt` from UTC, where the camera told it.
      table.integer('zoneMinutes')
      table.text('lens')
      table.double('exposureSeconds')
      table.double('fNumber')
      table.integer('iso')
      table.double('focalLengthMm')
    })
    // A thumbnail that cannot be drawn is tried again only by another decoder, or when asked.
    await database.schema.createTable('thumbnailFailures', (table) => {
      table.integer('photoId').primary().references('photos.id').onDelete('CASCADE')
      table.text('reason').notNullable()
      table.text('decoderVersion').notNullable()
    })
  },
}
