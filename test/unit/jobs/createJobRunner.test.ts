/** The job runner over a real database. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createJobRunner } from '../../../main/jobs/createJobRunner.js'
import { JobInterruption } from '../../../main/jobs/jobInterruption.js'
import { defineJobKind, type JobContext } from '../../../main/jobs/jobKind.js'
import { systemClock } from '../../../main/platform/clock.js'
import type { Database } from '../../../main/storage/openDatabase.js'
import type { JobRecord } from '../../../main/storage/repositories/jobs.js'
import { AppError } from '../../../shared/errors.js'
import { openLibrary } from '../../support/openLibrary.js'

const paramsSchema = z.object({ name: z.string() })
type Run = (context: JobContext<{ name: string }>) => Promise<unknown>

/** A runner with one kind, `work`, in the lane that is given. */
function runnerFor(database: Database, run: Run, lane = 'default') {
  const runner = createJobRunner({
    jobs: database.jobs,
    kinds: { work: defineJobKind({ paramsSchema, lane, run }) },
    clock: systemClock,
    onError: (error) => {
      throw error
    },
  })
  onTestFinished(() => runner.dispose())
  return runner
}

/** Counts by saving after each step until aborted, and says at which number it began. */
function counting(upTo: number, begunAt: number[]): Run {
  return async ({ checkpoint, signal, save, report }) => {
    let n = z.number().nullable().parse(checkpoint) ?? 0
    begunAt.push(n)
    for (; n < upTo; n++) {
      signal.throwIfAborted()
      await save(n + 1)
      report({ phase: 'counting', done: n + 1, total: upTo })
      await delay(5)
    }
    return { counted: n }
  }
}

test('a job runs to its result and its progress is kept', async () => {
  const database = await openLibrary()
  const runner = runnerFor(database, counting(3, []))
  await runner.start()
  const { id } = await runner.enqueue('work', { name: 'a' })
  const job = await runner.settled(id)
  expect(job).toMatchObject({ state: 'completed', result: { counted: 3 }, error: null })
  expect(job.progress).toMatchObject({ phase: 'counting', done: 3, total: 3 })
  expect(await database.jobs.get(id)).toEqual(job)
})

test('pause keeps the checkpoint and resume goes on from it; cancel ends', async () => {
  const begunAt: number[] = []
  const runner = runnerFor(await openLibrary(), counting(1_000, begunAt))
  await runner.start()
  const { id } = await runner.enqueue('work', { name: 'a' })
  await delay(60)
  await runner.pause(id)
  const paused = await runner.settled(id)
  expect(paused.state).toBe('paused')
  await runner.resume(id)
  await delay(60)
  await runner.cancel(id)
  expect(await runner.settled(id)).toMatchObject({ state: 'cancelled' })
  expect(begunAt).toEqual([0, paused.checkpoint])
  expect(paused.checkpoint).toBeGreaterThan(0)
})

test.each(['pause', 'cancel'] as const)(
  '%s holds back an identical job that waits',
  async (stop) => {
    const begunAt: number[] = []
    const database = await openLibrary()
    const runner = runnerFor(database, counting(1_000, begunAt))
    await runner.start()
    const { id } = await runner.enqueue('work', { name: 'a' })
    await delay(30)
    const next = await runner.enqueue('work', { name: 'a' })
    const other = await runner.enqueue('work', { name: 'b' })
    await runner[stop](id)
    expect((await database.jobs.get(next.id))?.state).toBe('cancelled')
    await expect.poll(async () => (await database.jobs.get(other.id))?.state).toBe('running')
    expect(begunAt).toEqual([0, 0])
  },
)

test('a failure keeps its code and data, and one that is no AppError its message', async () => {
  const runner = runnerFor(await openLibrary(), async ({ params }) => {
    if (params.name === 'known') throw new AppError('DISK_FULL', { path: '/x' })
    throw new TypeError('oops')
  })
  await runner.start()
  const known = await runner.enqueue('work', { name: 'known' })
  const defect = await runner.enqueue('work', { name: 'defect' })
  expect((await runner.settled(known.id)).error).toMatchObject({
    code: 'DISK_FULL',
    data: { path: '/x' },
  })
  expect((await runner.settled(defect.id)).error).toMatchObject({ code: 'DEFECT', message: 'oops' })
})

test('shutdown and death both put the job back, to go on from its checkpoint', async () => {
  const database = await openLibrary()
  const begunAt: number[] = []
  const first = runnerFor(database, counting(20, begunAt))
  await first.start()
  const { id } = await first.enqueue('work', { name: 'a' })
  await delay(30)
  await first.dispose()
  const stopped = await database.jobs.get(id)
  expect(stopped?.state).toBe('queued')
  // What a killed process leaves behind, and what the next one makes of it on opening the library:
  await database.jobs.change(id, { state: 'running', updatedAt: 1 })
  await database.jobs.requeueRunning()
  const second = runnerFor(database, counting(20, begunAt))
  await second.start()
  expect(await second.settled(id)).toMatchObject({ state: 'completed', result: { counted: 20 } })
  expect(begunAt).toEqual([0, stopped?.checkpoint])
})

test('each interruption tells the job why', async () => {
  const reasons: unknown[] = []
  const runner = runnerFor(await openLibrary(), async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    reasons.push(signal.reason instanceof JobInterruption && signal.reason.reason)
    signal.throwIfAborted()
  })
  await runner.start()
  const { id } = await runner.enqueue('work', { name: 'a' })
  await delay(20)
  await runner.pause(id)
  await runner.resume(id)
  await delay(20)
  await runner.cancel(id)
  await runner.resume(id)
  await delay(20)
  await runner.dispose()
  expect(reasons).toEqual(['pause', 'cancel', 'shutdown'])
})

test('a lane runs one job at a time, in order, and identical queued jobs become one', async () => {
  const order: string[] = []
  let running = 0
  const runner = runnerFor(await openLibrary(), async ({ params }) => {
    expect(++running).toBe(1)
    await delay(10)
    order.push(params.name)
    running--
  })
  const jobs = await Promise.all(
    ['a', 'b', 'a', 'c'].map((name) => runner.enqueue('work', { name })),
  )
  expect(jobs[2]?.id).toBe(jobs[0]?.id)
  await runner.start()
  await Promise.all(jobs.map((job) => runner.settled(job.id)))
  expect(order).toEqual(['a', 'b', 'c'])
})

test('what follows by itself does not begin anew what somebody has paused', async () => {
  const runner = runnerFor(await openLibrary(), counting(1_000, []))
  const { id } = await runner.enqueue('work', { name: 'a' })
  await runner.pause(id)
  const before = Date.now()
  const follow = (name: string, since: number) =>
    runner.enqueueUnlessHeldBack('work', { name }, since)
  expect(await follow('a', before)).toBeNull()
  expect(await follow('b', Date.now())).toMatchObject({ state: 'queued' })
  const asked = await runner.enqueue('work', { name: 'a' })
  expect(asked.id).not.toBe(id)
  await runner.cancel(id)
  await runner.cancel(asked.id)
  expect(await follow('a', before)).toBeNull()
  expect(await follow('a', Date.now() + 1)).toMatchObject({ state: 'queued' })
})

test('params that do not fit are refused before they are queued', async () => {
  const database = await openLibrary()
  const runner = runnerFor(database, async () => {})
  await expect(runner.enqueue('work', { name: 5 })).rejects.toThrow()
  expect(await database.jobs.list(10)).toEqual([])
})

test('a queued job of a kind that is gone fails instead of stopping the queue', async () => {
  const database = await openLibrary()
  const job = { kind: 'gone', lane: 'default', params: {}, createdAt: 1 }
  const { id } = await database.jobs.enqueue(job)
  const runner = runnerFor(database, async () => {})
  await runner.start()
  expect((await runner.settled(id)).error?.message).toContain('gone')
  const next = await runner.enqueue('work', { name: 'a' })
  expect((await runner.settled(next.id)).state).toBe('completed')
})

test('listeners hear at most about ten times a second, and the last state always', async () => {
  const heard: JobRecord[] = []
  const runner = runnerFor(await openLibrary(), async ({ report }) => {
    for (let done = 0; done <= 250; done++) {
      report({ phase: 'quick', done, total: 250 })
      await delay(1)
    }
  })
  runner.subscribe((job) => heard.push(job))
  await runner.start()
  const { id } = await runner.enqueue('work', { name: 'a' })
  const startedAt = Date.now()
  const job = await runner.settled(id)
  const seconds = (Date.now() - startedAt) / 1_000
  expect(heard.at(-1)).toEqual(job)
  expect(job.progress?.done).toBe(250)
  expect(heard.length).toBeLessThanOrEqual(seconds * 10 + 6)
})

test('waiting can be given up without harming the job', async () => {
  const runner = runnerFor(await openLibrary(), async () => delay(50))
  await runner.start()
  const { id } = await runner.enqueue('work', { name: 'a' })
  await expect(runner.settled(id, AbortSignal.timeout(10))).rejects.toThrow()
  expect((await runner.settled(id)).state).toBe('completed')
})

test('a queue that cannot write tells those who wait', async () => {
  const database = await openLibrary()
  const told: unknown[] = []
  const full = new AppError('DISK_FULL', { path: 'library' })
  const runner = createJobRunner({
    jobs: { ...database.jobs, change: () => Promise.reject(full) },
    kinds: { work: defineJobKind({ paramsSchema, run: async () => {} }) },
    clock: systemClock,
    onError: (error) => told.push(error),
  })
  const { id } = await runner.enqueue('work', { name: 'a' })
  const waiting = runner.settled(id)
  await Promise.all([expect(waiting).rejects.toBe(full), delay(20).then(() => runner.start())])
  expect(told).toEqual([full])
})
