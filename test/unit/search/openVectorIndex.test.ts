import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { clusteredVectors } from '../../../bench/clusteredVectors.js'
import { openVectorIndex } from '../../../main/search/openVectorIndex.js'
import type { VectorItem } from '../../../main/search/vectorIndex.js'
import type { VectorStore, VectorStoreOptions } from '../../../main/search/vectorStore.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'
import { bruteForce, recallOf } from './bruteForce.js'

const dim = 32
const next = clusteredVectors({ dim, clusters: 40, spread: 0.8, seed: 2 })
const vectors = new Map(Array.from({ length: 1200 }, (_, i) => [i * 3, next()]))
const queries = Array.from({ length: 20 }, () => next())

/** A database of `vectors` that counts how often it is read. */
function source(items: ReadonlyMap<number, Float32Array> = vectors) {
  const read = { times: 0 }
  async function* load(): AsyncGenerator<VectorItem> {
    read.times++
    for (const [key, vector] of items) yield { key, vector }
  }
  return { read, load }
}

async function open(options: Partial<VectorStoreOptions> & { folder: string }) {
  const notices: string[] = []
  const { read, load } = source()
  const store = await openVectorIndex({
    modelId: 'model:1/a',
    dim,
    version: 'v1',
    load,
    exactLimit: 1000,
    onNotice: (message) => notices.push(message),
    ...options,
  })
  onTestFinished(() => store.dispose())
  return { store, read, notices }
}

async function expectRightAnswers(
  store: VectorStore,
  expected: ReadonlyMap<number, Float32Array> = vectors,
) {
  expect(await store.size()).toBe(expected.size)
  let recall = 0
  for (const query of queries) {
    recall += recallOf(await store.search(query, 10), bruteForce(expected, query, 10))
  }
  expect(recall / queries.length).toBeGreaterThanOrEqual(store.mode() === 'hnsw' ? 0.98 : 0.999)
}

async function filesIn(folder: string) {
  const names = await readdir(folder)
  const path = (end: string) => join(folder, names.find((name) => name.endsWith(end))!)
  return { names, data: path('.hnsw'), header: path('.json') }
}

describe('openVectorIndex', () => {
  it('stays exact, and writes nothing, while there are few vectors', async () => {
    const folder = await temporaryFolder()
    const { store } = await open({ folder, exactLimit: 1_000_000 })
    await store.settled()
    await store.save('v1')
    expect(store.mode()).toBe('exact')
    await expectRightAnswers(store)
    expect(await readdir(folder)).toEqual([])
    await expect(store.search(new Float32Array(5), 1)).rejects.toThrow('instead of 32')
  })

  it('serves exactly while it builds, then by the graph, then from the file', async () => {
    const folder = join(await temporaryFolder(), 'made', 'when needed')
    const { store, read, notices } = await open({ folder })
    expect(store.mode()).toBe('building')
    const during = queries.map((query) => store.search(query, 10))
    await expectRightAnswers(store)
    await store.settled()
    expect(store.mode()).toBe('hnsw')
    expect((await Promise.all(during)).every((hits) => hits.length === 10)).toBe(true)
    await expectRightAnswers(store)
    expect(read.times).toBe(1)
    expect((await readdir(folder)).length).toBe(2)
    await store.dispose()

    const again = await open({ folder })
    expect(again.store.mode()).toBe('hnsw')
    expect(again.read.times).toBe(0)
    await expectRightAnswers(again.store)
    expect([...notices, ...again.notices]).toEqual([])
  })

  it('keeps changes made while it builds', async () => {
    const folder = await temporaryFolder()
    const { store } = await open({ folder })
    const expected = new Map(vectors)
    const changed = Array.from({ length: 30 }, (_, i) => ({ key: i * 30, vector: next() }))
    const added = Array.from({ length: 30 }, (_, i) => ({ key: i * 3 + 1, vector: next() }))
    const removed = Array.from({ length: 30 }, (_, i) => i * 30 + 15)
    expect(store.mode()).toBe('building')
    await Promise.all([store.remove(removed), store.upsert(added), store.upsert(changed)])
    for (const { key, vector } of [...added, ...changed]) expected.set(key, vector)
    for (const key of removed) expected.delete(key)
    await expectRightAnswers(store, expected)
    await store.settled()
    expect(store.mode()).toBe('hnsw')
    await expectRightAnswers(store, expected)
    for (const { key, vector } of [...added, ...changed]) {
      expect((await store.search(vector, 1))[0]!.key).toBe(key)
    }
    expect(await readdir(folder)).toEqual([])

    await store.save('v2')
    await store.dispose()
    const again = await open({ folder, version: 'v2' })
    expect(again.read.times).toBe(0)
    await expectRightAnswers(again.store, expected)
  })

  it('begins to build when it grows, and saves changes to the graph', async () => {
    const folder = await temporaryFolder()
    const few = new Map([...vectors].slice(0, 20))
    const { store } = await open({ folder, load: source(few).load })
    expect(store.mode()).toBe('exact')
    const items = [...vectors].map(([key, vector]) => ({ key, vector }))
    for (let i = 0; i < items.length; i += 500) await store.upsert(items.slice(i, i + 500))
    await store.settled()
    expect(store.mode()).toBe('hnsw')
    await expectRightAnswers(store)

    const removed = [...vectors.keys()].slice(0, 100)
    await store.remove(removed)
    await store.save('v3')
    await store.dispose()
    const again = await open({ folder, version: 'v3' })
    expect(again.read.times).toBe(0)
    const expected = new Map([...vectors].slice(100))
    await expectRightAnswers(again.store, expected)
    for (const key of removed.slice(0, 10)) {
      const hits = await again.store.search(vectors.get(key)!, 5)
      expect(hits.map((hit) => hit.key)).not.toContain(key)
    }
  })

  it('adds to an outdated file what is new and takes out what is gone', async () => {
    const folder = await temporaryFolder()
    const first = await open({ folder })
    await first.store.settled()
    await first.store.dispose()
    const expected = new Map([...vectors].slice(40))
    for (let i = 0; i < 60; i++) expected.set(5000 + i, next())
    const asked: number[] = []
    const catchUp = (limit: number) => ({
      keys: async () => Uint32Array.from(expected.keys()),
      async *load(keys: Uint32Array) {
        asked.push(...keys)
        for (const key of keys) yield { key, vector: expected.get(key)! }
      },
      limit,
    })

    const now = source(expected)
    const tooMuch = await open({ folder, version: 'v2', load: now.load, catchUp: catchUp(19) })
    expect([now.read.times, tooMuch.store.mode()]).toEqual([1, 'building'])
    await tooMuch.store.dispose()

    const { store, read, notices } = await open({ folder, version: 'v2', catchUp: catchUp(60) })
    expect([store.mode(), read.times]).toEqual(['hnsw', 0])
    expect(asked).toEqual([...expected.keys()].slice(-60))
    await expectRightAnswers(store, expected)
    await store.dispose()
    const again = await open({ folder, version: 'v2' })
    expect([again.store.mode(), again.read.times]).toEqual(['hnsw', 0])
    await expectRightAnswers(again.store, expected)
    expect(notices).toEqual([])
  })

  it('answers filtered searches in both ways of searching', async () => {
    const folder = await temporaryFolder()
    const { store } = await open({ folder })
    const query = queries[0]!
    for (const size of [0, 1, 40, 900]) {
      const allow = new Set([...vectors.keys()].slice(0, size))
      const right = bruteForce(vectors, query, 10, allow)
      const hits = await store.search(query, 10, { allow })
      expect(hits.map(({ key }) => key)).toEqual(right.map(({ key }) => key))
    }
    await store.settled()
    expect(store.mode()).toBe('hnsw')
    for (const size of [0, 1, 40, 900]) {
      const allow = new Set([...vectors.keys()].slice(0, size))
      const right = bruteForce(vectors, query, 10, allow)
      const hits = await store.search(query, 10, { allow })
      expect(hits.every(({ key }) => allow.has(key))).toBe(true)
      if (size > 0) expect(recallOf(hits, right)).toBeGreaterThanOrEqual(0.9)
    }
  })

  it.each<[string, (files: { data: string; header: string }) => Promise<void>]>([
    ['a cut file', ({ data }) => truncate(data, 5000)],
    ['an empty file', ({ data }) => truncate(data, 0)],
    ['a flipped byte', ({ data }) => flipByte(data)],
    ['a missing file', ({ data }) => rm(data)],
    ['a header that is no JSON', ({ header }) => writeFile(header, '{"format":1')],
    ['a header of another format', ({ header }) => writeFile(header, '{"format":2}')],
    [
      'a header with another count',
      async ({ header }) => {
        const text = await readFile(header, 'utf8')
        await writeFile(header, text.replace('"count":1200', '"count":1199'))
      },
    ],
  ])('rebuilds after %s', async (_, damage) => {
    const folder = await temporaryFolder()
    const first = await open({ folder })
    await first.store.settled()
    await first.store.dispose()
    await damage(await filesIn(folder))

    const { store, read, notices } = await open({ folder })
    expect(read.times).toBe(1)
    await expectRightAnswers(store)
    await store.settled()
    await store.dispose()
    expect(notices).toEqual([])
    const mended = await open({ folder })
    expect(mended.read.times).toBe(0)
  })

  it.each([{ version: 'v2' }, { modelId: 'model:2' }])(
    'does not take the file for %o',
    async (other) => {
      const folder = await temporaryFolder()
      const first = await open({ folder })
      await first.store.settled()
      await first.store.dispose()
      const { read } = await open({ folder, ...other })
      expect(read.times).toBe(1)
    },
  )

  it('says when the file cannot be written, and searches on', async () => {
    const folder = join(await temporaryFolder(), 'file')
    await writeFile(folder, 'in the way')
    const { store, notices } = await open({ folder })
    await store.settled()
    expect(store.mode()).toBe('hnsw')
    await expectRightAnswers(store)
    expect(notices).toEqual([expect.stringContaining('could not be saved')])
    await expect(store.save('v2')).rejects.toMatchObject({ name: 'AppError' })
  })

  it('can be disposed of in the midst of a build', async () => {
    const folder = await temporaryFolder()
    const { store, notices } = await open({ folder })
    expect(store.mode()).toBe('building')
    await store.dispose()
    await store.dispose()
    expect(notices).toEqual([])
    expect(await readdir(folder)).toEqual([])
    await expect(store.search(queries[0]!, 1)).rejects.toThrow('disposed')
  })

  it('stops loading when it is cancelled', async () => {
    const folder = await temporaryFolder()
    const signal = AbortSignal.abort()
    await expect(open({ folder, signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[bytes.length >> 1]! ^= 0x10
  await writeFile(path, bytes)
}
