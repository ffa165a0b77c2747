/** A model is downloaded by a process that is killed, and by the next one. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { jsonLines, runForError, runForJson, startSemblance } from '../support/commandLine.js'
import { writeClipExport } from '../support/exports/clip.js'
import { hubCommit, startHub } from '../support/hub.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const anyObject = z.record(z.string(), z.unknown())
const downloaded = z.object({ id: z.string(), name: z.string(), path: z.string() })

test('kill -9 in the midst of a download costs nothing', { timeout: 180_000 }, async () => {
  const folder = await temporaryFolder()
  await writeClipExport(join(folder, 'export'))
  const hub = await startHub(join(folder, 'export'))
  const inLibrary = ['--library', join(folder, 'library')]
  const args = ['models', 'download', 'owner/name', '--hub', hub.endpoint, '--json', ...inLibrary]
  hub.spoil('text_model.onnx', { kind: 'slow', pieceBytes: 4_000, pauseMs: 200 })
  const first = startSemblance(args)
  await first.line((line) => line.includes('"downloading"') && !line.includes('"done":0,'))
  await expect
    .poll(() => hub.requests.filter((request) => /GET .storage.*text/.test(request)).length)
    .toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 800))
  first.signalGroup('SIGKILL')
  expect((await first.finished).signal).toBe('SIGKILL')

  const before = hub.requests.length
  // The address of the hub was kept.
  const model = await runForJson(['models', 'download', 'owner/name', ...inLibrary], downloaded)
  expect(model).toMatchObject({ name: 'name' })
  const after = hub.requests.slice(before)
  expect(after.filter((request) => request.includes('/main/'))).toEqual([])
  expect(after.filter((request) => request.startsWith('HEAD'))).toEqual([])
  expect(after.filter((request) => /GET .storage.*text/.test(request))).toEqual([
    expect.stringMatching(/ bytes=\d+-$/),
  ])
  expect(after.every((request) => !request.includes('config.json'))).toBe(true)
  expect(after.join()).toContain(hubCommit)
  expect(await runForJson(['models', 'verify', model.id, ...inLibrary], anyObject)).toMatchObject({
    files: 6,
  })
  const { models } = await runForJson(['models', 'list', ...inLibrary], anyObject)
  expect(models).toMatchObject([
    { kind: 'downloaded', id: model.id, active: false },
    { kind: 'starter', active: true },
  ])
})

test('what cannot be downloaded is told of, with an exit status of its own', async () => {
  const folder = await temporaryFolder()
  const hub = await startHub(folder)
  const inLibrary = ['--library', join(folder, 'library'), '--hub', hub.endpoint]
  const missing = await runForError(['models', 'download', 'owner/name', ...inLibrary], 10)
  expect(missing).toMatchObject({ code: 'HUB_REFUSED', data: { status: 404 } })
  const unknown = await runForError(['models', 'download', 'nonsense', ...inLibrary], 3)
  expect(unknown).toMatchObject({ code: 'MODEL_NOT_FOUND' })
  const bad = ['models', 'download', 'owner/name', '--hub', 'ftp://x', ...inLibrary.slice(0, 2)]
  expect(await runForError(bad, 2)).toMatchObject({ data: { argument: 'hubAddress' } })
})

test('the catalogue is shown without asking anybody', async () => {
  const folder = await temporaryFolder()
  const catalogue = startSemblance(
    ['models', 'catalogue', '--measure', '--json', '--library', join(folder, 'library')],
    { env: { HF_ENDPOINT: 'http://127.0.0.1:1' } },
  )
  const { stdout, exitCode } = await catalogue.finished
  expect(exitCode).toBe(0)
  const { models } = z.object({ models: z.array(anyObject) }).parse(jsonLines(stdout).at(-1))
  expect(models.length).toBeGreaterThan(6)
  expect(models[0]).toMatchObject({
    id: 'clip-vit-base-patch32',
    sizeBytes: 607_973_425,
    sizeIsKnown: true,
    languages: 'english',
    licence: { name: 'MIT', use: 'any' },
    picturesPerSecond: expect.any(Number),
    model: null,
  })
})
