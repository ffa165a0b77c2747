/** Photos never leave the machine: what the app connects to while it is used, in all its processes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test, vi } from 'vitest'
import { projectRoot } from '../../main/platform/entries.js'
import { startSemblance } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { addressOf, connectTo } from '../support/served.js'
import { lesson } from '../support/teachingEngine.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const guard = pathToFileURL(join(projectRoot, 'test', 'support', 'logSockets.js')).href

test('indexing, searching and teaching ask no other machine for anything', async () => {
  const folder = await temporaryFolder()
  await writeShapes(join(folder, 'home', 'Pictures'), 24)
  const log = join(folder, 'sockets.log')
  const env = { HOME: join(folder, 'home'), NODE_OPTIONS: `--import ${guard}`, SOCKET_LOG: log }
  const library = join(folder, 'library')
  const server = startSemblance(['serve', '--no-open', '--json', '--library', library], { env })
  const { client, close } = await connectTo(await addressOf(server))
  const { places } = await client.library.browse({ folder: null })
  const { handle } = places.find(({ name }) => name === 'Pictures')!
  await client.library.addFolders({ folders: [handle] })
  const waiting = { timeout: 90_000, interval: 200 }
  await vi.waitFor(async () => {
    expect((await client.library.status()).models[0]?.indexed).toBe(24)
  }, waiting)
  await client.search.run({ query: 'red star', order: 'relevance', model: null })
  const { job } = await client.teach.start(lesson)
  await vi.waitFor(async () => {
    expect(await client.teach.run({ job })).toMatchObject({ state: 'decide' })
  }, waiting)
  close()
  server.signal('SIGTERM')
  expect((await server.finished).exitCode).toBe(0)

  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  const begun = lines.filter((line) => line.endsWith(' begins')).map((line) => line.split(' '))
  // The app, its threads, and the trainer in a process of its own were all listened to.
  const pid = String(server.pid)
  expect(begun.filter(([, process]) => process === pid).length).toBeGreaterThan(2)
  expect(begun.filter(([parent, process]) => parent === pid && process !== pid)).not.toEqual([])
  expect(lines.filter((line) => line.includes(' connects to '))).toEqual([])
}, 240_000)

test('what a process connects to would be seen', async () => {
  const folder = await temporaryFolder()
  const log = join(folder, 'sockets.log')
  const env = { NODE_OPTIONS: `--import ${guard}`, SOCKET_LOG: log }
  startSemblance(['models', 'download', 'someone/else', '--hub', 'http://127.0.0.1:9'], {
    env: { ...env, SEMBLANCE_HOME: folder },
  })
  await vi.waitFor(
    async () => expect(await readFile(log, 'utf8')).toContain('connects to 127.0.0.1'),
    { timeout: 30_000, interval: 200 },
  )
}, 60_000)
