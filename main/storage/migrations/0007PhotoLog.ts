/** Which photos were changed last, so that a list of all of them is kept up without reading it again. */
import type { Knex } from 'knex'

/** Whoever is further behind reads all photos, which takes about as long. */
const keptChanges = 20_000

export const photoLog = {
  name: '0007PhotoLog',
  async up(database: Knex): Promise<void> {
    // Numbers that were used once never come again, even after their rows have gone.
    await database.raw(
      'CREATE TABLE photoLog (change INTEGER PRIMARY KEY AUTOINCREMENT, photoId INTEGER)',
    )
    await database.raw('INSERT INTO photoLog (change) SELECT count + 1 FROM photoChanges')
    for (const name of [
      'countFileAdded',
      'countFileTaken',
      'countFileChanged',
      'countPhotoChanged',
      'countPhotoTaken',
    ]) {
      await database.raw(`DROP TRIGGER ${name}`)
    }
    await database.schema.dropTable('photoChanges')
    await log(database, 'FileAdded', 'INSERT ON files', ['NEW.photoId'])
    await log(database, 'FileTaken', 'DELETE ON files', ['OLD.photoId'])
    const shown = 'UPDATE ON files WHEN OLD.photoId IS NOT NEW.photoId OR OLD.state <> NEW.state'
    await log(database, 'FileChanged', shown, ['OLD.photoId', 'NEW.photoId'])
    await log(database, 'PhotoChanged', 'UPDATE ON photos', ['NEW.id'])
    await log(database, 'PhotoTaken', 'DELETE ON photos', ['OLD.id'])
  },
}

async function log(database: Knex, what: string, event: string, photoIds: readonly string[]) {
  const add = photoIds.map((id) => `INSERT INTO photoLog (photoId) VALUES (${id});`).join(' ')
  const trim = `DELETE FROM photoLog
    WHERE change <= (SELECT max(change) FROM photoLog) - ${keptChanges};`
  await database.raw(`CREATE TRIGGER log${what} AFTER ${event} BEGIN ${add} ${trim} END`)
}
