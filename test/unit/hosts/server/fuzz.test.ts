/** Whatever who holds the token sends, the engine stays up, answers, and tells no paths. */
import { join } from 'node:path'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { z } from 'zod'
import { createEngine, type Engine } from '../../../../main/engine/createEngine.js'
import { mapBounded } from '../../../../main/platform/mapBounded.js'
import { contract, type EngineClient } from '../../../../shared/contract/contract.js'
import { fuzzedInput } from '../../../support/fuzzedInput.js'
import { writeShapes } from '../../../support/pictureFolder.js'
import { serveForFile, signIn, type TestServer } from '../../../support/server.js'
import { writeSmallModel } from '../../../support/smallModel.js'
import { folderForFile } from '../../../support/temporaryFolder.js'

const calls = 10_000
const atOnce = 16
const run = { signal: new AbortController().signal, onProgress: () => {} }
const folder = folderForFile()
const defects: unknown[] = []
let engine: Engine
let server: TestServer
let cookie: string

beforeAll(async () => {
  await writeSmallModel(join(folder(), 'model'))
  await writeShapes(join(folder(), 'pictures'), 6)
  engine = createEngine({
    libraryFolder: join(folder(), 'library'),
    starterFolder: join(folder(), 'model'),
    onDefect: (_, error) => defects.push(error),
  })
  await engine.library.addFolders([join(folder(), 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)
  server = await serveForFile(engine)
  cookie = await signIn(server.url)
})

afterAll(async () => {
  await server?.dispose()
  await engine?.dispose()
})

function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(server.rpc, { headers: { cookie } })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

function clientOf(websocket: WebSocket): EngineClient {
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })
  return createORPCClient(link)
}

async function expectAlive(): Promise<void> {
  const socket = await openSocket()
  expect(await clientOf(socket).settings.get()).toMatchObject({ theme: expect.any(String) })
  socket.close()
}

/** Every call of the contract, but for the sample collection, which takes a while to write. */
const procedures = Object.entries(contract)
  .flatMap(([group, members]) =>
    Object.entries(members).map(([name, { '~orpc': procedure }]) => ({
      group,
      name,
      schema: (procedure.inputSchema ?? null) as z.core.$ZodType | null,
    })),
  )
  .filter(({ name }) => name !== 'addSample')

/** Calls that close the library for a moment, or begin long work. */
const slow = ['settings.set', 'settings.moveThumbnails', 'settings.clearThumbnails', 'teach.start']

/** A call and what it is given. */
const fuzzedCall = fc.oneof(
  ...procedures.map(({ group, name, schema }) => ({
    // Those that are given nothing answer the same each time.
    weight: schema === null || slow.includes(`${group}.${name}`) ? 1 : 20,
    arbitrary: fc.record({
      group: fc.constant(group),
      name: fc.constant(name),
      given: fuzzedInput(schema),
    }),
  })),
)

test(`${calls} calls with made-up inputs are answered or refused`, {
  timeout: 600_000,
}, async () => {
  const sockets = await Promise.all(Array.from({ length: 4 }, openSocket))
  const clients = sockets.map(clientOf)
  // The library keeps its photos, so that there is something to ask about.
  const kept = fuzzedCall.filter(({ name }) => name !== 'removeFolder')
  const made = fc.sample(kept, { numRuns: calls, seed: 3 })
  const codes = new Map<string, number>()
  await mapBounded([...made.entries()], atOnce, async ([i, { group, name, given }]) => {
    const client = clients[i % clients.length] as unknown as Caller
    const signal = AbortSignal.timeout(20_000)
    try {
      const answer = await client[group]![name]!(given, { signal })
      // A stream of events goes on until nobody reads it.
      if (name === 'subscribe') await (answer as AsyncGenerator).return(undefined)
      count('answered')
    } catch (error) {
      expect(error, `${group}.${name}`).toBeInstanceOf(ORPCError)
      const { code, message, data } = error as ORPCError<string, unknown>
      count(code)
      expect(JSON.stringify([message, data]) ?? '').not.toContain(folder())
    }
  })
  function count(code: string) {
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  expect(defects).toEqual([])
  expect([...codes.values()].reduce((sum, one) => sum + one)).toBe(calls)
  expect(codes.get('answered')).toBeGreaterThan(1_000)
  expect(codes.get('INVALID_ARGUMENT')).toBeGreaterThan(3_000)
  for (const socket of sockets) expect(socket.readyState).toBe(WebSocket.OPEN)
  for (const socket of sockets) socket.close()
  await expectAlive()
})

type Caller = Record<string, Record<string, (input: unknown, options: object) => Promise<unknown>>>

test('a message beyond the limit closes its connection, and no other', async () => {
  const [large, other] = [await openSocket(), await openSocket()]
  const closed = new Promise<number>((resolve) => large.once('close', resolve))
  large.on('error', () => {})
  large.send('x'.repeat(3 * 1024 * 1024))
  expect([1006, 1009]).toContain(await closed)
  expect(await clientOf(other).settings.get()).toBeDefined()
  other.close()
})

const frames = [
  '',
  'null',
  '[]',
  '{}',
  '{"i":1}',
  '{"i":"1","p":{}}',
  '{"i":"2","p":{"u":"/../../etc/passwd","b":{}}}',
  '{"i":"3","p":{"u":"http://elsewhere/settings/get"}}',
  '{"i":"4","t":3,"p":{"e":"message","d":1}}',
  '{"i":"5","p":{"u":"/settings/get","h":{"content-type":"multipart/form-data"}}}',
  '['.repeat(50_000),
  '\u0000\uffff',
]

test('frames that mean nothing close their connection, and no other', async () => {
  const random = fc.sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 40, seed: 5 })
  const other = await openSocket()
  await mapBounded([...frames, ...random], 8, async (frame) => {
    const socket = await openSocket()
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send(frame)
    expect(await closed, String(frame)).toBe(1002)
  })
  expect(await clientOf(other).settings.get()).toBeDefined()
  other.close()
})

const unknownCalls = ['/settings/nothing', '/__proto__/constructor', '/settings/toString']

test.each(unknownCalls)('a call of %s is no call', async (path) => {
  const socket = await openSocket()
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()))
  })
  socket.send(JSON.stringify({ i: '1', p: { u: path, b: { json: {} } } }))
  expect(JSON.parse(await answer)).toMatchObject({ i: '1', p: { s: 404 } })
  socket.close()
})

test('who vanishes in the middle of a stream leaves nothing behind', async () => {
  for (let i = 0; i < 20; i++) {
    const socket = await openSocket()
    const events = await clientOf(socket).events.subscribe()
    await events.next()
    socket.terminate()
    // Nobody waits for its next event.
    events.next().catch(() => {})
  }
  await expectAlive()
})

test('no more connections are taken than anybody needs', async () => {
  const opened = await Promise.allSettled(Array.from({ length: 80 }, openSocket))
  const refused = opened.filter((one) => one.status === 'rejected')
  expect(refused.length).toBeGreaterThanOrEqual(16)
  for (const { reason } of refused) expect(String(reason)).toContain('503')
  for (const one of opened) if (one.status === 'fulfilled') one.value.terminate()
  const again = () => openSocket().then((socket) => socket.close())
  await expect.poll(() => again().then(Boolean, String)).toBe(false)
})
