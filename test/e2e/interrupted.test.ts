/** Ctrl-C and processes that die alone: the right exit status, and the next run goes on. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import {
  isAlive,
  jsonLines,
  runForError,
  runForJson,
  runForText,
  startSemblance,
} from '../support/commandLine.js'
import { writeArchitecture, writePosters } from '../support/killing.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { eventsOf, reachStep, resumedAt } from '../support/trainingEvents.js'

const anyObject = z.record(z.string(), z.unknown())

test('Ctrl-C while indexing keeps what is done', { timeout: 180_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writePosters(pictures, 96)
  await writeSmallModel(join(folder, 'model'))
  const inLibrary = ['--library', join(folder, 'library')]
  await runForText(['models', 'use', join(folder, 'model'), ...inLibrary])
  await runForText(['add', pictures, ...inLibrary])

  const indexing = startSemblance(['index', '--json', ...inLibrary])
  // The first batch of three is encoded; its rows may still be on their way to the database.
  await indexing.line((line) => line.includes('"done":32'))
  indexing.signalGroup('SIGINT')
  const { exitCode, stdout } = await indexing.finished
  expect(exitCode).toBe(130)
  expect(jsonLines(stdout).at(-1)).toMatchObject({ error: { code: 'CANCELLED' } })
  const { jobs } = await runForJson(['jobs', ...inLibrary], anyObject)
  expect(jobs).toMatchObject([{ kind: 'index', state: 'queued' }, { kind: 'scan' }])
  const { toIndex } = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(toIndex).toBeGreaterThan(0)
  expect(await runForJson(['index', ...inLibrary], anyObject)).toMatchObject({
    indexed: toIndex,
    total: 96,
  })
})

test('Ctrl-C while adding leaves a library that goes on', { timeout: 180_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writePosters(pictures, 96)
  const inLibrary = ['--library', join(folder, 'library')]
  const adding = startSemblance(['add', pictures, '--json', ...inLibrary])
  await adding.line((line) => line.includes('"progress"'))
  adding.signalGroup('SIGINT')
  const { exitCode } = await adding.finished
  // It may have been done just before it was told to stop.
  expect([0, 130]).toContain(exitCode)
  expect(await runForJson(['add', pictures, ...inLibrary], anyObject)).toMatchObject({ photos: 96 })
})

/** The command line of a run of some hundred short steps, and its parts. */
async function prepareTraining() {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 40)
  const arch = await writeArchitecture(join(folder, 'architecture.json'))
  const out = join(folder, 'out')
  const options = ['--out', out, '--arch', arch, '--epochs', '25', '--batch', '10', '--json']
  const args = ['train', pictures, ...options, '--library', join(folder, 'library')]
  const verify = ['models', 'verify', out, '--library', join(folder, 'library')]
  return { out, args, verify, workFolder: `${out}.training` }
}

/** Finishes the run and returns the step at which it went on; null if it began anew. */
async function finishTraining(args: readonly string[]): Promise<number | null> {
  const { exitCode, stdout } = await startSemblance([...args, '--resume']).finished
  expect(exitCode, stdout).toBe(0)
  expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'finished', step: 100 })
  return resumedAt(stdout)
}

async function trainerOf(workFolder: string): Promise<number> {
  return Number.parseInt(await readFile(join(workFolder, 'trainer.pid'), 'utf8'), 10)
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(50)
}

test('Ctrl-C while training saves a checkpoint', { timeout: 180_000 }, async () => {
  const { args, verify, workFolder } = await prepareTraining()
  const training = startSemblance(args)
  await reachStep(training, 3)
  const trainer = await trainerOf(workFolder)
  training.signalGroup('SIGINT')
  const { exitCode, stdout } = await training.finished
  expect(exitCode).toBe(130)
  expect(jsonLines(stdout).at(-1)).toMatchObject({ error: { code: 'CANCELLED' } })
  expect(isAlive(trainer)).toBe(false)
  const saved = eventsOf(stdout).findLast((event) => event.type === 'checkpointed')
  expect(saved?.step).toBeGreaterThanOrEqual(3)
  const changed = await runForError([...args, '--resume', '--seed', '2'], 2)
  expect(changed.message).toContain('--seed 1')
  expect(await finishTraining(args)).toBe(saved?.step)
  expect(await runForJson(verify, anyObject)).toHaveProperty('id')
  await expect(stat(workFolder)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a trainer that is killed alone is told, and its run goes on', {
  timeout: 180_000,
}, async () => {
  const { args, verify, workFolder } = await prepareTraining()
  const training = startSemblance(args)
  await reachStep(training, 3)
  process.kill(await trainerOf(workFolder), 'SIGKILL')
  const { exitCode, stdout } = await training.finished
  expect(exitCode).toBe(8)
  const { error } = z
    .object({ error: z.object({ code: z.string(), message: z.string() }) })
    .parse(jsonLines(stdout).at(-1))
  expect(error).toMatchObject({ code: 'TRAINER_CRASHED' })
  expect(error.message).toContain('SIGKILL')
  await finishTraining(args)
  expect(await runForJson(verify, anyObject)).toHaveProperty('id')
})

test('a trainer whose parent is killed saves and ends by itself', {
  timeout: 180_000,
}, async () => {
  const { args, verify, workFolder } = await prepareTraining()
  const training = startSemblance(args)
  await reachStep(training, 3)
  const trainer = await trainerOf(workFolder)
  training.signal('SIGKILL')
  expect(await training.finished).toMatchObject({ signal: 'SIGKILL' })
  await waitUntil(() => !isAlive(trainer))
  expect(await finishTraining(args)).toBeGreaterThanOrEqual(3)
  expect(await runForJson(verify, anyObject)).toHaveProperty('id')
})
