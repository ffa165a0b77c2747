/** Downloads from a hub that has all the bad days of a real one. */
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import {
  type DownloadCheckpoint,
  discardDownload,
  downloadModel,
} from '../../../../main/ml/hub/downloadModel.js'
import { findSource, type HubSource, holdTo, recordOf } from '../../../../main/ml/hub/hubSource.js'
import { openWeb } from '../../../../main/platform/net/web.js'
import { writeClipExport } from '../../../support/exports/clip.js'
import { hubCommit, startHub, type TestHub } from '../../../support/hub.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const repository = 'owner/name'
const vision = 'onnx/vision_model.onnx'

/** A hub with a small export, and what a job does with it. */
async function hubWithExport() {
  const folder = await temporaryFolder()
  const original = await writeClipExport(join(folder, 'export'))
  const hub = await startHub(join(folder, 'export'))
  const web = openWeb({ proxy: null, silenceMs: 300 })
  onTestFinished(() => web.dispose())
  const models = join(folder, 'models')
  const saved: DownloadCheckpoint[] = []
  const phases: string[] = []
  const download = (
    signal: AbortSignal = AbortSignal.any([]),
    source: HubSource = findSource(repository)!,
    endpoint = hub.endpoint,
  ) =>
    downloadModel({ web, endpoint, signal, patience: { attempts: 3, pauseMs: 5 } }, source, {
      folder: models,
      checkpoint: saved.at(-1) ?? null,
      save: async (checkpoint) => void saved.push(checkpoint),
      report: (phase, done, total) => phases.push(`${phase} ${done}/${total}`),
    })
  return { folder, original, hub, models, saved, phases, download, web }
}

const fetched = ({ requests }: TestHub, path: string) =>
  requests.filter((request) => request.startsWith('GET /storage') && request.includes(path))

test('a model arrives sealed, whole and usable, pinned to the commit the hub told of', async () => {
  const { hub, models, download, original, phases } = await hubWithExport()
  const { model, plan } = await download()
  expect(model.path).toBe(join(models, model.id))
  expect(model.manifest).toMatchObject({
    name: 'name',
    licence: null,
    embeddingDim: original.embeddingDim,
    source: { entry: repository, repository, revision: hubCommit },
  })
  expect(plan.files.map(({ path, check }) => [path, check?.kind])).toEqual([
    ['config.json', 'git'],
    ['preprocessor_config.json', 'git'],
    ['tokenizer.json', 'git'],
    ['tokenizer_config.json', 'git'],
    ['onnx/text_model.onnx', 'sha256'],
    [vision, 'sha256'],
  ])
  for (const path of [vision, 'config.json']) {
    expect(await readFile(join(model.path, path))).toEqual(
      await readFile(join(original.path, path)),
    )
  }
  await openModelDirectory(model.path, { verify: 'full' })
  expect(await readdir(models)).toEqual([model.id])
  // Whatever was asked for after the first file, was asked for at its commit.
  expect(hub.requests.filter((request) => request.includes('/main/'))).toHaveLength(1)
  expect(phases.at(0)).toBe('asking the hub 0/0')
  expect(phases.at(-1)).toBe('trying it out 0/0')
})

test('a cut connection goes on where it was cut', async () => {
  const { hub, download } = await hubWithExport()
  hub.spoil(vision, { kind: 'cut', afterBytes: 20_000 }, 2)
  const { model } = await download()
  await openModelDirectory(model.path, { verify: 'full' })
  const ranges = fetched(hub, vision).map((request) => request.split(' ')[2])
  expect(ranges[0]).toBeUndefined()
  expect(ranges.slice(1)).toHaveLength(2)
  for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/)
})

test.each([
  ['a busy hub', { kind: 'status', status: 503 }],
  ['a hub that wants to be left alone', { kind: 'status', status: 429, retryAfterSeconds: 0.01 }],
  ['a hub that falls silent', { kind: 'silence', afterBytes: 5_000 }],
  ['a slow one', { kind: 'slow', pieceBytes: 20_000, pauseMs: 10 }],
] as const)('%s is asked again', async (_, fault) => {
  const { hub, download } = await hubWithExport()
  hub.spoil(vision, fault)
  await openModelDirectory((await download()).model.path, { verify: 'full' })
})

test('a hub that knows no ranges sends the file from its beginning', async () => {
  const { hub, download } = await hubWithExport()
  hub.spoil(vision, { kind: 'cut', afterBytes: 20_000 })
  const stop = new AbortController()
  const first = download(stop.signal)
  await expect.poll(() => fetched(hub, vision).length, { interval: 1 }).toBeGreaterThan(0)
  hub.spoil(vision, { kind: 'no ranges' }, 5)
  await first
  await openModelDirectory((await download()).model.path, { verify: 'full' })
})

test('a hub that stays away is named, and what came is kept for the next run', async () => {
  const { hub, download, models, saved } = await hubWithExport()
  hub.spoil(vision, { kind: 'cut', afterBytes: 20_000 })
  const stop = new AbortController()
  const first = download(stop.signal)
  first.catch(() => {})
  const part = join(models, '.download-owner--name', `${vision}.part`)
  await expect
    .poll(async () => (await stat(part).catch(() => null))?.size ?? 0, { interval: 1 })
    .toBeGreaterThan(0)
  stop.abort(new Error('stopped'))
  await first.catch(() => {})
  hub.spoil(vision, { kind: 'status', status: 503 }, 100)
  await expect(download()).rejects.toMatchObject({
    code: 'HUB_UNREACHABLE',
    message: expect.stringContaining('status 503'),
  })
  hub.spoil(vision, { kind: 'status', status: 503 }, 0)
  const before = hub.requests.length
  await openModelDirectory((await download()).model.path, { verify: 'full' })
  // The plan is the job's: nothing is asked for again that is there.
  expect(hub.requests.slice(before).every((request) => request.includes('vision'))).toBe(true)
  expect(saved.at(-1)!.id).not.toBeNull()
})

test('a hub that nobody answers for is named with its reason', async () => {
  const { hub, download } = await hubWithExport()
  await hub.close()
  await expect(download()).rejects.toMatchObject({
    code: 'HUB_UNREACHABLE',
    data: { reason: 'nobody answers there' },
  })
})

test('a repository that is not there is told of at once', async () => {
  const { hub, download } = await hubWithExport()
  const other = { ...findSource(repository)!, repository: 'owner/other' }
  await expect(download(undefined, other)).rejects.toMatchObject({
    code: 'HUB_REFUSED',
    data: { status: 404 },
  })
  expect(hub.requests).toHaveLength(1)
})

test('wrong bytes are refused by checksum, large files and small ones', async () => {
  const { hub, download, models } = await hubWithExport()
  hub.spoil(vision, { kind: 'wrong bytes' })
  await expect(download()).rejects.toMatchObject({
    code: 'DOWNLOAD_ALTERED',
    data: { file: vision },
  })
  hub.spoil('tokenizer.json', { kind: 'wrong bytes' })
  await discardDownload(models, repository)
  await expect(download()).rejects.toMatchObject({ data: { file: 'tokenizer.json' } })
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([])
  await download()
})

test('a part that does not belong to the file is thrown away, once', async () => {
  const { hub, download, models } = await hubWithExport()
  const part = join(models, '.download-owner--name', `${vision}.part`)
  await mkdir(dirname(part), { recursive: true })
  await writeFile(part, Buffer.alloc(4_000))
  await openModelDirectory((await download()).model.path, { verify: 'full' })
  const ranges = fetched(hub, vision).map((request) => request.split(' ')[2])
  expect(ranges).toEqual(['bytes=4000-', undefined])
})

test('a mirror that tells no checksums gives a model all the same, held to from then on', async () => {
  const { hub, download, models, saved } = await hubWithExport()
  hub.tellChecksums(false)
  const { model, plan } = await download()
  expect(plan).toMatchObject({ revision: null })
  const source = holdTo(findSource(repository)!, recordOf(plan, model.files))
  expect(source.files.find(({ path }) => path === vision)!.sha256).toBe(model.files[vision]!.sha256)
  saved.length = 0
  await rm(join(models, model.id), { recursive: true })
  hub.spoil(vision, { kind: 'wrong bytes' })
  await expect(download(undefined, source)).rejects.toMatchObject({ code: 'DOWNLOAD_ALTERED' })
})

test('an answer without end is cut off where no model would be larger, and nothing is left of it', async () => {
  const { hub, download, models, saved } = await hubWithExport()
  const { model, plan } = await download()
  await rm(join(models, model.id), { recursive: true })
  // As of a hub that tells nothing of it.
  const untold = { sizeBytes: null, check: null }
  const files = plan.files.map((file) =>
    file.path === 'tokenizer.json' ? { ...file, ...untold } : file,
  )
  saved.push({ plan: { ...plan, files }, id: null })
  hub.spoil('tokenizer.json', { kind: 'endless' })
  await expect(download()).rejects.toMatchObject({
    code: 'DOWNLOAD_ALTERED',
    data: { file: 'tokenizer.json', expected: `at most ${2 ** 27} bytes` },
  })
  const left = await readdir(join(models, '.download-owner--name'), { recursive: true })
  expect(left.filter((name) => name.startsWith('tokenizer.json'))).toEqual([])
  await download()
})

test('a hub that has another file than the one known is refused before anything is fetched', async () => {
  const { hub, download } = await hubWithExport()
  const source = holdTo(findSource(repository)!, {
    revision: null,
    files: { [vision]: { sizeBytes: 1, sha256: 'ab'.repeat(32) } },
  })
  await expect(download(undefined, source)).rejects.toMatchObject({ code: 'DOWNLOAD_ALTERED' })
  expect(hub.requests.filter((request) => request.startsWith('GET'))).toEqual([])
})

test('what the disk has no room for is refused before anything is fetched', async () => {
  const { hub, models, saved, download } = await hubWithExport()
  await download()
  const before = hub.requests.length
  await rm(models, { recursive: true })
  // The hub has told of a file that no disk could take.
  const { plan } = saved[0]!
  const sizeBytes = 2 ** 60
  const files = plan.files.map((file) => (file.path === vision ? { ...file, sizeBytes } : file))
  saved.push({ plan: { ...plan, files }, id: null })
  const refused = await download().catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'DISK_SHORT' })
  const { neededBytes, freeBytes } = (refused as { data: Record<string, number> }).data
  expect(neededBytes).toBeGreaterThan(sizeBytes)
  expect(freeBytes).toBeLessThan(neededBytes!)
  expect(hub.requests).toHaveLength(before)
  const [staging, ...others] = await readdir(models)
  expect(others).toEqual([])
  expect(await readdir(join(models, staging!))).toEqual([])
})

test('what came whole but cannot run is refused, and no model is made of it', async () => {
  const { folder, hub, download, models } = await hubWithExport()
  const config = join(folder, 'export', 'config.json')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('"projection_dim":16', '"projection_dim":17'))
  await expect(download()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([])
  expect(hub.requests.length).toBeGreaterThan(0)
})

test('a run that was killed after the model was in its place finds it', async () => {
  const { hub, download } = await hubWithExport()
  const { model } = await download()
  const before = hub.requests.length
  expect((await download()).model.id).toBe(model.id)
  expect(hub.requests).toHaveLength(before)
})

test('a whole file that was damaged since is fetched again', async () => {
  const { hub, download, models } = await hubWithExport()
  hub.spoil(vision, { kind: 'status', status: 500 }, 100)
  await download().catch(() => {})
  const staging = join(models, '.download-owner--name')
  await appendFile(join(staging, 'config.json'), ' ')
  await truncate(join(staging, 'onnx/text_model.onnx'), 100)
  hub.spoil(vision, { kind: 'status', status: 500 }, 0)
  await openModelDirectory((await download()).model.path, { verify: 'full' })
})

test.each(['CLIP ViT-B/32', '../etc/passwd', 'owner', 'a/b/c', '/a', 'a/', 'https://x/y'])(
  '%s is the name of no source',
  (name) => {
    expect(findSource(name)).toBeNull()
  },
)
