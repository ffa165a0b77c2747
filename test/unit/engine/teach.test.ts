/** Teaching a real, untrained model with drawn shapes, over the contract. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openImageEncoder } from '../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../main/ml/clip/preprocess.js'
import type { EngineEvent } from '../../../shared/contract/events.js'
import { unpack } from '../../../shared/domain/packed.js'
import type { TeachWords } from '../../../shared/domain/teaching.js'
import { engineWithShapes, lesson, untilRun } from '../../support/teachingEngine.js'

const { source } = lesson
const names: TeachWords = lesson.words

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

  const { job } = await client.teach.start(lesson)
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
    .poll(async () => (await client.models.list()).find((m) => m.active)?.id, { timeout: 45_000 })
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
}, 300_000)

test('a model from nothing is compared with the one in use, and kept by encoding all photos', async () => {
  const { engine, client } = await engineWithShapes(4)
  const { job } = await client.teach.start({ ...lesson, method: 'scratch', minutes: 0.03 })
  const taught = await untilRun(engine, job, ['decide', 'failed'])
  expect(taught).toMatchObject({ state: 'decide', method: 'scratch', before: null, heldOut: 18 })
  expect(taught.after!.textToImage.gallerySize).toBe(18)
  expect(taught.curves.recall.length).toBeGreaterThan(0)
  expect(taught.examples.length).toBeGreaterThan(2)
  await client.teach.keep({ job })
  await expect
    .poll(async () => (await client.models.list())[1], { timeout: 60_000 })
    .toMatchObject({ id: taught.model, active: true, indexed: 72, parent: null })
}, 300_000)

test('what was judged counts: good matches as words, others as none', async () => {
  const { engine } = await engineWithShapes(1)
  const { client } = engine
  const query = { query: 'red', order: 'oldest', model: null } as const
  const { ids } = await client.search.run(query)
  const [first = 0, second = 0] = unpack(ids)
  await client.search.judge({ query: 'sunset + beach', ids: [first], judgement: 'match' })
  const preview = (words: Partial<TeachWords>) =>
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
}, 300_000)

test('says what stands against a lesson, and refuses where nothing can be learned', async () => {
  const { engine } = await engineWithShapes(2)
  const { client } = engine
  const none = { ...names, names: false }
  const bare = await client.teach.preview({ source, words: none })
  expect(bare).toMatchObject({ photos: 36, pairs: 0, possible: false, byWords: { names: 36 } })
  expect(bare.warnings[0]).toContain('at least 20')
  await expect(client.teach.start({ ...lesson, words: none })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  const few = await client.teach.preview({ source, words: names })
  expect(few).toMatchObject({ pairs: 36, heldOut: 0, possible: true })
  expect(few.warnings).toHaveLength(2)
  expect(few.examples).toHaveLength(12)
  const one = await client.teach.preview({ source: { kind: 'folders', roots: [1] }, words: names })
  expect(one.photos).toBe(36)
  const red = { kind: 'search', query: 'name:red' } as const
  expect(await client.teach.preview({ source: red, words: names })).toMatchObject({
    photos: 6,
    pairs: 6,
    examples: expect.arrayContaining([
      { photoId: expect.any(Number), captions: expect.arrayContaining(['red circle']) },
    ]),
  })
  const nowhere = await client.teach.preview({
    source: { kind: 'folders', roots: [99] },
    words: names,
  })
  expect(nowhere).toMatchObject({ photos: 0, possible: false })
  await expect(client.teach.keep({ job: 99 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
}, 300_000)
