/** Following a job from a command to its end, over a real database. */
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { runJobToEnd } from '../../../main/engine/runJobToEnd.js'
import { createJobRunner } from '../../../main/jobs/createJobRunner.js'
import { defineJobKind } from '../../../main/jobs/jobKind.js'
import { systemClock } from '../../../main/platform/clock.js'
import { openDatabase } from '../../../main/storage/openDatabase.js'
import { openLibrary } from '../../support/openLibrary.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

/** A library whose one kind of job tells its checkpoint, as `openLibrary` would open it. */
async function libraryIn(folder: string) {
  const database = await openLibrary(folder)
  const kind = defineJobKind({
    paramsSchema: z.object({ name: z.string() }),
    async run({ checkpoint, report }) {
      report({ phase: 'working', done: 1, total: 1 })
      return { from: checkpoint }
    },
  })
  const runner = createJobRunner({
    jobs: database.jobs,
    kinds: { work: kind },
    clock: systemClock,
    onError: (error) => {
      throw error
    },
  })
  onTestFinished(() => runner.dispose())
  return { database, runner, startJobs: () => runner.start() }
}

test('what a killed process was doing is followed to its end, not done beside', async () => {
  const folder = await temporaryFolder()
  const killed = await openDatabase(folder)
  const job = { kind: 'work', lane: 'default', params: { name: 'a' }, createdAt: 1 }
  const { id } = await killed.jobs.enqueue(job)
  await killed.jobs.change(id, { state: 'running', updatedAt: 2 })
  await killed.jobs.saveCheckpoint(id, 41)
  await killed.dispose()

  const library = await libraryIn(folder)
  expect((await library.database.jobs.get(id))?.state).toBe('queued')
  const heard: unknown[] = []
  const { signal } = new AbortController()
  const run = { signal, onProgress: (progress: unknown) => heard.push(progress) }
  const result = await runJobToEnd(library, 'work', { name: 'a' }, run)
  expect(result).toEqual({ from: 41 })
  expect(heard).not.toEqual([])
  expect(await library.database.jobs.list(10)).toHaveLength(1)
})
