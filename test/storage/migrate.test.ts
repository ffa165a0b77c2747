/** Migrations: children survive a rebuilt parent table, and dangling keys undo a migration. */
import { join } from 'node:path'
import type { Knex } from 'knex'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../main/storage/migrate.js'
import { migrations } from '../../main/storage/migrations/index.js'
import { createRepositories } from '../../main/storage/repositories/index.js'
import { connectSqlite } from '../../main/storage/sqlite.js'
import { photoNamed, presentFile } from '../support/openLibrary.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const families = {
  name: '0001Families',
  async up(database: Knex) {
    await database.schema.createTable('parents', (table) => table.increments('id'))
    await database.schema.createTable('children', (table) => {
      table.increments('id')
      table.integer('parentId').notNullable().references('parents.id').onDelete('CASCADE')
    })
    await database('parents').insert({ id: 1 })
    await database('children').insert([{ parentId: 1 }, { parentId: 1 }])
  },
}

async function connect(): Promise<Knex> {
  const connection = connectSqlite(join(await temporaryFolder(), 'library.sqlite'))
  onTestFinished(() => connection.destroy())
  return connection
}

const count = async (connection: Knex) => (await connection('children').select('id')).length

test('rebuilding a parent table keeps the children, and keys are enforced afterwards', async () => {
  const connection = await connect()
  const rebuild = {
    name: '0002Rebuild',
    async up(database: Knex) {
      await database.schema.createTable('newParents', (table) => table.increments('id'))
      await database.raw('INSERT INTO newParents SELECT id FROM parents')
      await database.schema.dropTable('parents')
      await database.schema.renameTable('newParents', 'parents')
    },
  }
  await migrate(connection, 'library', [families, rebuild])
  expect(await count(connection)).toBe(2)
  await expect(connection('children').insert({ parentId: 7 })).rejects.toThrow(/FOREIGN KEY/)
  await connection('parents').delete()
  expect(await count(connection)).toBe(0)
})

test('a migration that leaves dangling keys is undone as a whole', async () => {
  const connection = await connect()
  const careless = {
    name: '0002Careless',
    up: async (database: Knex) => {
      await database('parents').delete()
    },
  }
  await migrate(connection, 'library', [families])
  await expect(migrate(connection, 'library', [families, careless])).rejects.toThrow(/children/)
  expect((await connection('parents').select('id')).length).toBe(1)
  await migrate(connection, 'library', [families])
})

test('a lock that a killed migration left does not keep the library closed', async () => {
  const connection = await connect()
  await migrate(connection, 'library', [families])
  await connection('schema_migrations_lock').update({ is_locked: 1 })
  await migrate(connection, 'library', [families, { name: '0002Nothing', up: async () => {} }])
  expect((await connection('schema_migrations').select('name')).length).toBe(2)
})

test('an older library goes on counting its changes, so that no list of before is believed', async () => {
  const connection = await connect()
  const withCount = migrations.findIndex(({ name }) => name === '0007PhotoLog')
  await migrate(connection, 'library', migrations.slice(0, withCount))
  const { photos, files, roots, shownPhotos } = createRepositories(connection)
  const root = await roots.add('/photos', 1)
  const add = async (name: string) => {
    const photo = photoNamed(name)
    const id = (await photos.addMany([photo])).get(photo.contentHash)!
    await files.saveMany([presentFile(id, root.id, `${name}.png`)])
    return id
  }
  for (const name of ['a', 'b', 'c']) await add(name)
  const { count: before } = await connection('photoChanges').first('count')
  await migrate(connection, 'library', migrations)
  const version = await shownPhotos.version()
  expect(version).toBeGreaterThan(before)
  expect(await shownPhotos.changedSince(before)).toEqual(new Uint32Array())
  expect(await shownPhotos.changedSince(before - 1)).toBeNull()
  const added = await add('d')
  expect(await shownPhotos.version()).toBeGreaterThan(version)
  expect(await shownPhotos.changedSince(version)).toEqual(Uint32Array.of(added))
})
