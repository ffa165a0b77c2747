/** kill -9 at each step of the way from the hub to another model, back, and away again. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { unpack } from '../../shared/domain/packed.js'
import { type RunningCommand, runForJson, startSemblance } from '../support/commandLine.js'
import { writeClipExport } from '../support/exports/clip.js'
import { startHub } from '../support/hub.js'
import { writePosters } from '../support/killing.js'
import { addressOf, connectTo, type ServedClient } from '../support/served.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const photos = 40
/** A busy machine takes its time. */
const poll = { timeout: 120_000, interval: 20 }

interface Served extends ServedClient {
  readonly server: RunningCommand
}

async function serve(library: string): Promise<Served> {
  const server = startSemblance(['serve', '--no-open', '--json', '--library', library])
  return { server, ...(await connectTo(await addressOf(server))) }
}

async function kill({ server, close }: Served): Promise<void> {
  server.signalGroup('SIGKILL')
  expect(await server.finished).toMatchObject({ signal: 'SIGKILL' })
  close()
}

/** Whether some of a file has been written that is not whole yet. */
async function begun(folder: string): Promise<boolean> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const parts = names.filter((name) => name.endsWith('vision_model.onnx.part'))
  for (const name of parts) if ((await stat(join(folder, name))).size > 0) return true
  return false
}

test('a model is fetched, used, left and removed over kill -9 at every step', {
  timeout: 600_000,
}, async () => {
  const folder = await temporaryFolder()
  const library = join(folder, 'library')
  await writePosters(join(folder, 'pictures'), photos)
  await writeClipExport(join(folder, 'export'))
  const hub = await startHub(join(folder, 'export'))
  hub.spoil('vision_model.onnx', { kind: 'slow', pieceBytes: 4_000, pauseMs: 100 })
  const inLibrary = ['--library', library]
  await runForJson(['add', join(folder, 'pictures'), ...inLibrary], z.unknown())
  await runForJson(['index', ...inLibrary], z.unknown())

  const models = ({ client }: Served) => client.models.list()
  const fetched = async (served: Served) =>
    (await models(served)).find(({ kind }) => kind === 'downloaded')
  const activeKind = async (served: Served) =>
    (await models(served)).find(({ active }) => active)?.kind
  const answers = async ({ client }: Served) => {
    const found = await client.search.run({ query: 'red', order: 'relevance', model: null })
    return unpack(found.ids).length
  }

  // While it is downloaded.
  let served = await serve(library)
  await served.client.settings.set({ hubAddress: hub.endpoint })
  await served.client.models.download({ entry: 'owner/name' })
  const asked = () => hub.requests.filter((request) => /GET .*storage.*vision/.test(request))
  await expect.poll(() => begun(join(library, 'models')), poll).toBe(true)
  await kill(served)

  // While the photos are seen by it, with the former model answering.
  served = await serve(library)
  await expect.poll(() => fetched(served), poll).toBeDefined()
  const { id } = (await fetched(served))!
  const [starter] = await models(served)
  await served.client.models.use({ id })
  expect(await answers(served)).toBe(photos)
  await kill(served)
  expect(asked().at(-1)).toMatch(/ bytes=\d+-$/)

  // Once it has taken over, which it does by itself; and in the moment of going back.
  served = await serve(library)
  expect(await answers(served)).toBe(photos)
  await expect.poll(() => activeKind(served), poll).toBe('downloaded')
  expect(await answers(served)).toBe(photos)
  await served.client.models.use({ id: starter!.id })
  await kill(served)

  // While it is removed.
  served = await serve(library)
  expect(await activeKind(served)).toBe('starter')
  expect((await models(served)).map(({ indexed }) => indexed)).toEqual([photos, photos])
  expect(await served.client.models.verify({ id })).toEqual({ files: 6 })
  const removing = served.client.models.remove({ id }).catch(() => {})
  await expect.poll(() => fetched(served), { ...poll, interval: 1 }).toBeUndefined()
  await kill(served)
  await removing

  served = await serve(library)
  expect(await models(served)).toMatchObject([{ kind: 'starter', active: true, indexed: photos }])
  expect(await answers(served)).toBe(photos)
  const left = async () => readdir(join(library, 'models')).catch(() => [])
  await expect.poll(left, poll).toEqual([])
  await kill(served)
})
