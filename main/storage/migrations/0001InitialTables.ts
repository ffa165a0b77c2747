/** The first tables. Times are milliseconds since 1970 unless the name says otherwise. */
import type { Knex } from 'knex'

export const initialTables = {
  name: '0001InitialTables',
  async up(database: Knex): Promise<void> {
    await createFolders(database)
    await createWords(database)
    await createModels(database)
    await createEmbeddings(database)
    await createSettingsAndJobs(database)
  },
}

async function createFolders(database: Knex): Promise<void> {
  await database.schema.createTable('roots', (table) => {
    table.increments('id')
    table.text('path').notNullable().unique()
    table.text('state').notNullable()
    table.bigInteger('addedAt').notNullable()
    table.bigInteger('lastScanAt')
    table.integer('lastScanId').notNullable().defaultTo(0)
  })
  await database.schema.createTable('photos', (table) => {
    table.increments('id')
    table.string('contentHash', 64).notNullable().unique()
    table.bigInteger('sizeBytes').notNullable()
    table.text('format').notNullable()
    table.integer('width')
    table.integer('height')
    // Local time as the camera wrote it, "2024-05-03T12:00:00": cameras write no zone.
    table.text('takenAt')
    table.text('takenAtSource')
    table.text('camera')
    table.double('latitude')
    table.double('longitude')
    table.bigInteger('createdAt').notNullable()
  })
  await database.schema.createTable('files', (table) => {
    table.increments('id')
    table.integer('photoId').references('photos.id').onDelete('SET NULL').index()
    table.integer('rootId').notNullable().references('roots.id').onDelete('CASCADE')
    table.text('relativePath').notNullable()
    table.bigInteger('sizeBytes').notNullable()
    table.double('mtimeMs').notNullable()
    table.double('ctimeMs').notNullable()
    table.text('state').notNullable()
    table.text('errorCode')
    table.text('errorReason')
    table.integer('seenScan').notNullable()
    table.unique(['rootId', 'relativePath'])
    table.index(['rootId', 'seenScan'])
  })
}

async function createWords(database: Knex): Promise<void> {
  for (const name of ['captions', 'tags']) {
    await database.schema.createTable(name, (table) => {
      table.increments('id')
      table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE')
      table.text('text').notNullable()
      table.text('source').notNullable()
      table.unique(['photoId', 'source', 'text'])
    })
  }
}

async function createModels(database: Knex): Promise<void> {
  await database.schema.createTable('models', (table) => {
    table.increments('id')
    // The id in the directory's semblance.json: it binds vision and text encoder of one space.
    table.text('uid').notNullable().unique()
    table.text('path').notNullable()
    table.text('name').notNullable()
    table.text('kind').notNullable()
    table.integer('parentId').references('models.id').onDelete('SET NULL')
    table.integer('dim').notNullable()
    table.bigInteger('addedAt').notNullable()
    table.bigInteger('removedAt')
  })
}

async function createEmbeddings(database: Knex): Promise<void> {
  await database.schema.createTable('embeddings', (table) => {
    table.integer('modelId').notNullable().references('models.id').onDelete('CASCADE')
    table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE').index()
    // float32, little-endian, of length 1; before `pooled`, so that reading it skips the rest.
    table.binary('embedding').notNullable()
    table.binary('pooled')
    table.primary(['modelId', 'photoId'])
  })
  await database.schema.createTable('embeddingVersions', (table) => {
    table.integer('modelId').primary().references('models.id').onDelete('CASCADE')
    table.integer('version').notNullable()
  })
  await database.schema.createTable('embeddingFailures', (table) => {
    table.integer('modelId').notNullable().references('models.id').onDelete('CASCADE')
    table.integer('photoId').notNullable().references('photos.id').onDelete('CASCADE').index()
    table.text('code').notNullable()
    table.text('reason').notNullable()
    table.text('sourceVersion').notNullable()
    table.bigInteger('failedAt').notNullable()
    table.primary(['modelId', 'photoId'])
  })
}

async function createSettingsAndJobs(database: Knex): Promise<void> {
  await database.schema.createTable('settings', (table) => {
    table.text('key').primary()
    table.text('value').notNullable()
  })
  await database.schema.createTable('jobs', (table) => {
    table.increments('id')
    table.text('kind').notNullable()
    table.text('lane').notNullable()
    table.text('params').notNullable()
    table.text('state').notNullable()
    for (const json of ['progress', 'checkpoint', 'result', 'error']) table.text(json)
    table.bigInteger('createdAt').notNullable()
    table.bigInteger('updatedAt').notNullable()
    table.bigInteger('startedAt')
    table.bigInteger('endedAt')
    table.index(['state', 'lane'])
  })
}
