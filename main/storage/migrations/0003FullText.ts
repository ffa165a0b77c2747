/** Full text over names, captions and tags, the history of searches, and a count of changes. */
import type { Knex } from 'knex'

/*
 * [Note: text by triggers]
 * The full text of a photo is written by triggers in the same transaction as the file, caption or
 * tag it comes from. So it can never be older than they are, whoever changes them and wherever the
 * process is killed. Each change writes the photo's whole row again, which takes some 20 microseconds.
 */

/** The folders of `files.relativePath` with a slash after each: what is left without the last name. */
const foldersOfFile = `rtrim(files.relativePath, replace(files.relativePath, '/', ''))`
const nameOfFile = `substr(files.relativePath, length(${foldersOfFile}) + 1)`
/** The name without its ending. */
const stemOfFile = `CASE WHEN instr(${nameOfFile}, '.') > 1
  THEN rtrim(rtrim(${nameOfFile}, replace(${nameOfFile}, '.', '')), '.') ELSE ${nameOfFile} END`

/** The last name of the folder that the user chose. */
const rootPath = `replace(roots.path, '\\', '/')`
const nameOfRoot = `(SELECT substr(${rootPath},
  length(rtrim(${rootPath}, replace(${rootPath}, '/', ''))) + 1) FROM roots WHERE id = files.rootId)`

const presentFiles = `FROM files WHERE files.photoId = photos.id AND files.state = 'present'`
/** Texts of one column stand apart by a control character (31, unit separator), which no word holds. */
const textOfPhotos = `INSERT INTO photoText (rowid, name, folders, captions, tags)
  SELECT id,
    (SELECT group_concat(${stemOfFile}, char(31)) ${presentFiles}),
    (SELECT group_concat(${nameOfRoot} || '/' || ${foldersOfFile}, char(31)) ${presentFiles}),
    (SELECT group_concat(text, char(31)) FROM captions WHERE photoId = photos.id),
    (SELECT group_concat(text, char(31)) FROM tags WHERE photoId = photos.id)
  FROM photos`

export const fullText = {
  name: '0003FullText',
  async up(database: Knex): Promise<void> {
    await database.raw(`CREATE VIRTUAL TABLE photoText USING fts5 (
      name, folders, captions, tags, tokenize = 'porter unicode61 remove_diacritics 2')`)
    await database.raw(textOfPhotos)
    for (const table of ['captions', 'tags']) await keepWords(database, table)
    await keepNames(database)
    await createHistory(database)
    await countChanges(database)
  },
}

async function keepWords(database: Knex, table: string): Promise<void> {
  await addTrigger(database, `${table}AddedToText`, `INSERT ON ${table}`, renew('NEW.photoId'))
  await addTrigger(database, `${table}TakenFromText`, `DELETE ON ${table}`, renew('OLD.photoId'))
  const both = `${renew('OLD.photoId')} ${renew('NEW.photoId')}`
  await addTrigger(database, `${table}ChangedInText`, `UPDATE OF text, photoId ON ${table}`, both)
}

async function keepNames(database: Knex): Promise<void> {
  await addTrigger(database, 'fileAddedToText', 'INSERT ON files', renew('NEW.photoId'))
  await addTrigger(database, 'fileTakenFromText', 'DELETE ON files', renew('OLD.photoId'))
  // A scan writes unchanged columns too.
  const changed = `WHEN OLD.photoId IS NOT NEW.photoId OR OLD.relativePath <> NEW.relativePath
    OR OLD.rootId <> NEW.rootId     OR (OLD.state = 'present') <> (NEW.state = 'present')`
  const both = `${renew('OLD.photoId')} ${renew('NEW.photoId')}`
  await addTrigger(database, 'fileChangedInText', 'UPDATE ON files', both, changed)
  const forget = 'DELETE FROM photoText WHERE rowid = OLD.id;'
  await addTrigger(database, 'photoTakenFromText', 'DELETE ON photos', forget)
}

function renew(photoId: string): string {
  return `DELETE FROM photoText WHERE rowid = ${photoId}; ${textOfPhotos} WHERE id = ${photoId};`
}

async function createHistory(database: Knex): Promise<void> {
  await database.schema.createTable('searchHistory', (table) => {
    table.text('query').primary()
    table.bigInteger('at').notNullable().index()
    table.integer('count').notNullable()
  })
}

/** One row whose number rises whenever other photos are to be shown, or others are said of them. */
async function countChanges(database: Knex): Promise<void> {
  await database.schema.createTable('photoChanges', (table) => {
    table.bigInteger('count').notNullable()
  })
  await database('photoChanges').insert({ count: 0 })
  const count = 'UPDATE photoChanges SET count = count + 1;'
  const shown = `WHEN OLD.photoId IS NOT NEW.photoId OR OLD.state <> NEW.state`
  await addTrigger(database, 'countFileAdded', 'INSERT ON files', count)
  await addTrigger(database, 'countFileTaken', 'DELETE ON files', count)
  await addTrigger(database, 'countFileChanged', 'UPDATE ON files', count, shown)
  await addTrigger(database, 'countPhotoChanged', 'UPDATE ON photos', count)
  await addTrigger(database, 'countPhotoTaken', 'DELETE ON photos', count)
}

async function addTrigger(database: Knex, name: string, event: string, work: string, when = '') {
  await database.raw(`CREATE TRIGGER ${name} AFTER ${event} ${when} BEGIN ${work} END`)
}
