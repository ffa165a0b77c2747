/** Teaching a real, untrained model with drawn shapes, over the contract. */
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { openImageEncoder } from '../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../main/ml/clip/preprocess.js'
import type { EngineEvent } from '../../../shared/contract/events.js'
import { unpack } from '../../../shared/domain/packed.js'
import type { TeachRun } from '../../../shared/domain/teaching.js'
import { drawShapes } from '../../support/drawnShapes.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }
const names = { captions: false, tags: false, names: true, judgements: false }
const source = { kind: 'library' } as const

interface Taught {
  readonly folder: string
  readonly pictures: readonly string[]
  readonly engine: Engine
}

function startEngine(folder: string): Engine {
  const engine = createEngine({
    libraryFolder: join(folder, 'library'),
    starterFolder: join(folder, 'model'),
  })
  let closing: Promise<void> | null = null
  const dispose = () => (closing ??= engine.dispose())
  onTestFinished(dispose)
  return { ...engine, dispose }
}

async function engineWithShapes(variants: number): Promise<Taught> {
  const folder = await temporaryFolder()
  await writeSmallModel(join(folder, 'model'))
  const pictures = await drawShapes(join(folder, 'pictures'), variants)
  const engine = startEngine(folder)
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)
  return { folder, pictures, engine }
}

/** The run once it is in one of the states. */
async function untilRun(
  { client }: Engine,
  job: number,
  states: readonly TeachRun['state'][],
): Promise<TeachRun> {
  for (;;) {
    const found = await client.teach.run({ job })
    if (states.includes(found.state)) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const start = { source, words: names, method: 'quick', name: 'Shapes!', minutes: null } as const

test('learns, shows what changed on photos it has not seen, and is kept', async () => {
  const { engine, folder, pictures } = await engineWithShapes(12)
  const { client } = engine
  const [parent] = await client.models.list()
  const events: EngineEvent[] = []
  const following = new AbortController()
  onTestFinished(() => following.abort())
  void (async () => {
    const stream = await client.events.subscribe(undefined, { signal: following.signal })
    for await (const event of stream) events.push(event)
  })().catch(() => {})

  const { job } = await client.teach.start(start)
  const taught = await untilRun(engine, job, ['decide', 'failed'])
  expect(taught).toMatchObject({ state: 'decide', name: 'Shapes!', method: 'quick', pairs: 216 })
  expect(taught.heldOut).toBeGreaterThan(9)
  expect((await client.jobs.list())[0]).toMatchObject({ kind: 'teach', subject: 'Shapes!' })
  expect(taught.curves.loss.length).toBeGreaterThan(1)
  expect(taught.curves.recall.at(0)?.step).toBe(0)
  expect(taught.curves.chance).toBeGreaterThan(0)
  expect(taught.after!.textToImage.mrr).toBeGreaterThan(taught.before!.textToImage.mrr)
  expect(taught.examples.length).toBeGreaterThan(2)
  for (const example of taught.examples) {
    expect(example.rankBefore).not.toBe(example.rankAfter)
    if (example.topAfter[0] === example.photoId) expect(example.rankAfter).toBe(1)
    expect(example.topBefore).toHaveLength(5)
  }
  expect(await client.models.list()).toHaveLength(1)

  await client.teach.keep({ job })
  await expect
    .poll(async () => (await client.models.list()).find((m) => m.active)?.id)
    .toBe(taught.model)
  const [, kept] = await client.models.list()
  expect(kept).toMatchObject({
    name: 'Shapes!',
    kind: 'tuned',
    parent: parent!.id,
    indexed: 216,
    present: true,
  })
  expect(kept!.path.startsWith(join(folder, 'library', 'models'))).toBe(true)
  const described = await client.models.describe({ id: kept!.id })
  expect(described).toMatchObject({ method: 'quick', heldOut: taught.after, before: taught.before })
  expect(await client.teach.runs()).toMatchObject([{ job, state: 'kept' }])
  await expect(client.teach.discard({ job })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  await expect.poll(() => events.map(({ type }) => type)).toContain('teach')
  expect(events.map(({ type }) => type)).toContain('models')

  // Made from pooled features alone, the embeddings are those that the new encoder gives.
  const directory = await openModelDirectory(kept!.path)
  const encoder = await openImageEncoder(directory, { device: 'cpu', threads: 1 })
  onTestFinished(() => encoder.dispose())
  const pixels = await loadPixelValues(pictures[7]!, directory.preprocess)
  const { embeddings } = await encoder.encode(pixels, 1)
  const request = { words: null, likePhoto: null, model: null, limit: 1 }
  const { hits } = await engine.search.search({ ...request, imageFile: pictures[7]! })
  expect(embeddings.length).toBe(directory.embeddingDim)
  expect(hits[0]).toMatchObject({ path: pictures[7] })
  expect(hits[0]!.score).toBeGreaterThan(0.9999)
}, 30_000)

test('goes on from its checkpoint when paused, and after the engine was closed', async () => {
  const { engine, folder } = await engineWithShapes(4)
  const minutes = 0.05
  const { job } = await engine.client.teach.start({ ...start, method: 'scratch', minutes })
  const trained = async (of: Engine) => (await of.client.teach.run({ job })).curves.loss.length
  await expect.poll(() => trained(engine), { timeout: 20_000 }).toBeGreaterThan(0)
  await engine.client.jobs.pause({ id: job })
  expect(await engine.client.teach.run({ job })).toMatchObject({ state: 'paused' })
  const paused = await trained(engine)
  await engine.client.jobs.resume({ id: job })
  await engine.dispose()

  const again = startEngine(folder)
  await again.start()
  const taught = await untilRun(again, job, ['decide', 'failed'])
  expect(taught).toMatchObject({ state: 'decide', method: 'scratch', before: null })
  expect(taught.curves.loss.length).toBeGreaterThan(paused)
  const steps = taught.curves.loss.map(({ step }) => step)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(taught.curves.recall.length).toBeGreaterThan(0)
  await again.client.teach.discard({ job })
  expect(await again.client.teach.run({ job })).toMatchObject({ state: 'discarded' })
  expect(await again.client.models.list()).toHaveLength(1)
}, 60_000)

test('what was judged counts: good matches as words, others as none', async () => {
  const { engine } = await engineWithShapes(1)
  const { client } = engine
  const query = { query: 'red', order: 'oldest', remember: false, model: null } as const
  const { ids } = await client.search.run(query)
  const [first = 0, second = 0] = unpack(ids)
  await client.search.judge({ query: 'sunset + beach', ids: [first], judgement: 'match' })
  const preview = (words: Partial<typeof names>) =>
    client.teach.preview({
      source: { kind: 'photos', ids: [first, second] },
      words: { ...names, names: false, ...words },
    })
  expect(await preview({ judgements: true })).toMatchObject({
    photos: 2,
    pairs: 1,
    byWords: { names: 2, judgements: 1, captions: 0, tags: 0 },
    examples: [{ photoId: first, captions: ['sunset', 'beach'] }],
    possible: false,
  })
  const [own] = (await preview({ names: true })).examples
  await client.search.judge({ query: own!.captions[0]!, ids: [first], judgement: 'no match' })
  const left = (await preview({ names: true })).examples.find(({ photoId }) => photoId === first)
  expect(left?.captions ?? []).not.toContain(own!.captions[0])
}, 20_000)

test('says what stands against a lesson, and refuses where nothing can be learned', async () => {
  const { engine } = await engineWithShapes(2)
  const { client } = engine
  const none = { ...names, names: false }
  const bare = await client.teach.preview({ source, words: none })
  expect(bare).toMatchObject({ photos: 36, pairs: 0, possible: false, byWords: { names: 36 } })
  expect(bare.warnings[0]).toContain('at least 20')
  await expect(client.teach.start({ ...start, words: none })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  const few = await client.teach.preview({ source, words: names })
  expect(few).toMatchObject({ pairs: 36, heldOut: 0, possible: true })
  expect(few.warnings).toHaveLength(2)
  expect(few.examples).toHaveLength(12)
  const nowhere = await client.teach.preview({
    source: { kind: 'folders', roots: [99] },
    words: names,
  })
  expect(nowhere).toMatchObject({ photos: 0, possible: false })
  await expect(client.teach.keep({ job: 99 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
}, 20_000)

test('a cancelled run leaves nothing once it is discarded', async () => {
  const { engine, folder } = await engineWithShapes(4)
  const { client } = engine
  const { job } = await client.teach.start({ ...start, method: 'scratch', minutes: 10 })
  await expect
    .poll(async () => (await client.teach.run({ job })).curves.loss.length, { timeout: 20_000 })
    .toBeGreaterThan(0)
  await client.jobs.cancel({ id: job })
  expect(await client.teach.run({ job })).toMatchObject({ state: 'cancelled', model: null })
  await client.teach.discard({ job })
  await client.jobs.clear()
  expect(await client.teach.runs()).toMatchObject([{ job, state: 'discarded' }])
  const row = (await client.teach.runs())[0]!
  expect(row.pairs).toBe(72)
  expect(await readdir(join(folder, 'library', 'models'))).toEqual([])
  await access(join(folder, 'model'))
}, 30_000)
