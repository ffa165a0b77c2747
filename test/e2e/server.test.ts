/** `semblance serve` and `npm start`, as people run them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unpack } from '../../shared/domain/packed.js'
import {
  jsonLines,
  runForError,
  runForText,
  startScript,
  startSemblance,
} from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { addressOf, connectTo } from '../support/served.js'
import { signIn } from '../support/server.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

test('serves the app, its pictures and the contract, and ends in order', async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'home', 'Pictures')
  await writeShapes(pictures, 6)
  const library = join(folder, 'library')
  const env = { HOME: join(folder, 'home') }
  const server = startSemblance(['serve', '--no-open', '--json', '--library', library], { env })
  const url = await addressOf(server)
  const { origin } = new URL(url)
  const cookie = await signIn(url)
  const get = (path: string) => fetch(origin + path, { headers: { cookie } })
  expect(await (await get('/')).text()).toContain('<div id="root">')

  const { client, close } = await connectTo(url)
  const { places } = await client.library.browse({ folder: null })
  const { handle } = places.find(({ name }) => name === 'Pictures')!
  await client.library.addFolders({ folders: [handle] })
  const { uid } = await client.library.status()
  await expect
    .poll(async () => (await client.library.status()).models[0]?.indexed, { timeout: 60_000 })
    .toBe(6)
  const query = { order: 'relevance', model: null } as const
  const found = await client.search.run({ ...query, query: 'red star' })
  const [best] = unpack(found.ids)
  for (const variant of ['tile', 'preview', 'original']) {
    const picture = await get(`/images/${uid}/${best}/${variant}`)
    expect(picture.status).toBe(200)
    expect(picture.headers.get('content-type')).toMatch(/^image\//)
    expect(picture.headers.get('cache-control')).toContain('immutable')
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(50)
  }
  const tiles = await get(`/images/${uid}/tiles/${best}`)
  expect(await tiles.text()).toMatch(new RegExp(`^${best} data:image/webp;base64,UklGR.+\n$`))
  expect((await get(`/images/another/${best}/tile`)).status).toBe(404)

  const second = await runForError(['serve', '--no-open', '--library', library], 6)
  expect(second).toMatchObject({ code: 'LIBRARY_LOCKED', data: { pid: server.pid } })
  const { port } = new URL(url)
  const elsewhere = ['--library', join(folder, 'another')]
  const blocked = await runForError(['serve', '--no-open', '--port', port, ...elsewhere], 2)
  expect(blocked.message).toContain(`port ${port} is in use`)

  server.signal('SIGTERM')
  const { exitCode, stderr, stdout } = await server.finished
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(jsonLines(stdout)).toHaveLength(1)
  close()
  const status = await runForText(['status', '--library', library])
  expect(status).toContain('6 photos, 0 still to index.')
}, 90_000)

test('npm start says in one line why there is no window, and serves the app', async () => {
  const folder = await temporaryFolder()
  const env = {
    SEMBLANCE_HOME: join(folder, 'library'),
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    ELECTRON_OVERRIDE_DIST_PATH: folder,
  }
  const started = startScript('main/hosts/start.js', [], { env })
  const line = await started.line((text) => text.includes('http://'))
  expect(line).toMatch(/^Semblance is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
  const url = line.slice(line.indexOf('http'))
  expect((await fetch(url)).status).toBe(401)
  expect(await signIn(url)).not.toBe('')
  started.signal('SIGINT')
  const { exitCode, stdout, stderr } = await started.finished
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^No desktop window: /), line])
  expect(existsSync(join(folder, 'library', 'library.sqlite'))).toBe(true)
}, 240_000)

test.each([
  [['--port', '70000'], /--port: "70000" is not a port/],
  [['--port', 'x'], /--port: "x" is not a port/],
  [['--host', '203.0.113.7'], /203\.0\.113\.7:0 cannot be used/],
])('serve %j is refused', async (args, message) => {
  const folder = await temporaryFolder()
  const refused = await runForError(['serve', '--no-open', ...args, '--library', folder], 2)
  expect(refused.message).toMatch(message)
})
