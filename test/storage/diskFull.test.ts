/** A full disk: a clear error, nothing half-written, and work goes on once there is room. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { guardErrors } from '../../main/storage/guardErrors.js'
import { migrate } from '../../main/storage/migrate.js'
import { createRepositories } from '../../main/storage/repositories/index.js'
import { configureSqlite, connectSqlite } from '../../main/storage/sqlite.js'
import { modelNamed, photoNamed } from '../support/openLibrary.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

test('a batch that the disk cannot hold is DISK_FULL, leaves nothing behind, and can be repeated', async () => {
  const path = join(await temporaryFolder(), 'library.sqlite')
  const connection = connectSqlite(path)
  onTestFinished(() => connection.destroy())
  await configureSqlite(connection)
  await migrate(connection, path)
  const { photos, models, embeddings } = guardErrors(createRepositories(connection), path)
  const names = Array.from({ length: 500 }, (_, index) => `photo${index}`)
  const ids = [...(await photos.addMany(names.map(photoNamed))).values()]
  const model = await models.save(modelNamed('a'))
  const rows = ids.map((photoId) => ({ photoId, embedding: new Float32Array(512), pooled: null }))

  // SQLite's own bound on pages answers exactly as a disk without room does.
  await connection.raw('PRAGMA max_page_count = 200')
  const full = { code: 'DISK_FULL', data: { path } }
  await expect(embeddings.saveMany(model.id, rows)).rejects.toMatchObject(full)
  expect(await embeddings.count(model.id)).toBe(0)

  await connection.raw('PRAGMA max_page_count = 100000')
  await embeddings.saveMany(model.id, rows)
  expect(await embeddings.count(model.id)).toBe(500)
})
