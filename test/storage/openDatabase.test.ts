/** Opening: one process at a time, damage and newer libraries told apart from everything else. */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { projectRoot } from '../../main/platform/entries.js'
import { openDatabase } from '../../main/storage/openDatabase.js'
import { connectSqlite } from '../../main/storage/sqlite.js'
import { addPhotos, openLibrary } from '../support/openLibrary.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

/** Starts a process that opens the library and then never ends by itself. */
async function openInChild(folder: string) {
  const script = join(await temporaryFolder(), 'holder.mjs')
  const module = pathToFileURL(join(projectRoot, 'dist/main/storage/openDatabase.js'))
  await writeFile(
    script,
    `import { openDatabase } from ${JSON.stringify(module.href)}
    const database = await openDatabase(process.argv[2])
    process.send(database.path)
    process.on('message', () => database.dispose().then(() => process.exit(0)))`,
  )
  const child = fork(script, [folder])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [opened] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  expect(opened).toBe(join(folder, 'library.sqlite'))
  return child
}

test('a second process is kept out and told whom to close; a killed one leaves no lock', async () => {
  const folder = await temporaryFolder()
  const child = await openInChild(folder)
  await expect(openDatabase(folder)).rejects.toMatchObject({
    code: 'LIBRARY_LOCKED',
    data: { path: folder, pid: child.pid },
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const database = await openLibrary(folder)
  expect(await readFile(join(folder, 'library.pid'), 'utf8')).toBe(`${process.pid}\n`)
  expect(await database.photos.count()).toBe(0)
})

test('a lock file that names another live process does not keep a library closed', async () => {
  const folder = await temporaryFolder()
  const stranger = spawn('sleep', ['30'])
  onTestFinished(() => {
    stranger.kill()
  })
  await (await openDatabase(folder)).dispose()
  await writeFile(join(folder, 'library.pid'), `${stranger.pid}\n`)
  const database = await openLibrary(folder)
  expect(database.folder).toBe(folder)
})

test('the same process cannot open a library twice, but can after closing it', async () => {
  const folder = await temporaryFolder()
  const first = await openDatabase(folder)
  await expect(openDatabase(folder)).rejects.toMatchObject({
    code: 'LIBRARY_LOCKED',
    data: { pid: process.pid },
  })
  await addPhotos(first, ['a'])
  await first.dispose()
  const second = await openLibrary(folder)
  expect(await second.photos.count()).toBe(1)
})

test('a file that is no database is LIBRARY_CORRUPT, is left as it is, and the lock is let go', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'library.sqlite')
  await writeFile(path, 'this is a shopping list, not a database. '.repeat(100))
  const corrupt = { code: 'LIBRARY_CORRUPT', data: { path } }
  await expect(openDatabase(folder)).rejects.toMatchObject(corrupt)
  await expect(openDatabase(folder)).rejects.toMatchObject(corrupt)
  expect(await readFile(path, 'utf8')).toContain('shopping list')
  await rm(path)
  await openLibrary(folder)
})

test('a damaged page is LIBRARY_CORRUPT when it is read', async () => {
  const folder = await temporaryFolder()
  const first = await openDatabase(folder)
  await addPhotos(first, ['a', 'b'])
  await first.dispose()
  const path = join(folder, 'library.sqlite')
  const bytes = await readFile(path)
  bytes.fill(0x5a, 4096)
  await writeFile(path, bytes)
  const reading = openDatabase(folder).then(async (database) => {
    onTestFinished(() => database.dispose())
    await database.photos.getMany([1, 2])
  })
  await expect(reading).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT', data: { path } })
})

test('a library made by a newer version is refused by name and stays unchanged', async () => {
  const folder = await temporaryFolder()
  await (await openDatabase(folder)).dispose()
  const connection = connectSqlite(join(folder, 'library.sqlite'))
  await connection('schema_migrations').insert({ name: '9999FromTheFuture', batch: 9 })
  await connection.destroy()
  await expect(openDatabase(folder)).rejects.toThrow(/9999FromTheFuture.*update/)
})

test('a folder that cannot be made is an error that names it', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(openDatabase(join(file, 'library'))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
})
