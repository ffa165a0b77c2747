/** kill -9 at random moments of add, index and train: the next run goes on, and nothing is lost. */
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { connectSqlite, tablesWithBrokenKeys } from '../../main/storage/sqlite.js'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { type TeachCurves, teachCurvesSchema } from '../../shared/domain/teaching.js'
import {
  type Finished,
  type RunningCommand,
  runForJson,
  runForText,
  startSemblance,
} from '../support/commandLine.js'
import { writeArchitecture, writePosters } from '../support/killing.js'
import { writeShapes } from '../support/pictureFolder.js'
import { uniform } from '../support/random.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const trainedSchema = z.object({ trainingReport: z.object({ curves: teachCurvesSchema }) })
const anyObject = z.record(z.string(), z.unknown())
const killsWanted = 11
const timeout = 400_000

/** Runs the command undisturbed; how long it took. */
async function measureMs(args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  await runForText(args)
  return performance.now() - startedAt
}

/** Starts the command, lets `kill` end it after `afterMs`, and tells how it ended. */
async function killAfter(
  args: readonly string[],
  afterMs: number,
  kill: (running: RunningCommand) => unknown = (running) => running.signalGroup('SIGKILL'),
): Promise<Finished> {
  const running = startSemblance([...args, '--json'])
  await Promise.race([delay(afterMs), running.finished])
  await kill(running)
  return running.finished
}

test('add and index outlive being killed at any moment', { timeout }, async () => {
  const random = uniform(2_026)
  const folder = await temporaryFolder()
  const all = join(folder, 'all')
  await writePosters(all, 88)
  const model = join(folder, 'model')
  await writeSmallModel(model)

  const undisturbed = ['--library', join(folder, 'undisturbed')]
  await runForText(['models', 'use', model, ...undisturbed])
  const addMs = await measureMs(['add', all, ...undisturbed])
  const indexMs = await measureMs(['index', ...undisturbed])

  const pictures = join(folder, 'pictures')
  await mkdir(pictures)
  const library = join(folder, 'library')
  const inLibrary = ['--library', library]
  await runForText(['models', 'use', model, ...inLibrary])
  const arriving = (await readdir(all)).sort()
  const kills = { add: 0, index: 0 }
  while (kills.add < killsWanted || kills.index < killsWanted) {
    for (const name of arriving.splice(0, 8)) await copyFile(join(all, name), join(pictures, name))
    const added = await killAfter(['add', pictures, ...inLibrary], 50 + random() * addMs)
    if (added.signal === 'SIGKILL') kills.add++
    else expect(added).toMatchObject({ exitCode: 0 })
    const indexed = await killAfter(['index', ...inLibrary], 50 + random() * indexMs)
    if (indexed.signal === 'SIGKILL') kills.index++
    // The first scan may have been killed before it found anything.
    else expect([0, 3], indexed.stdout).toContain(indexed.exitCode)
  }
  for (const name of arriving) await copyFile(join(all, name), join(pictures, name))
  await runForText(['add', pictures, ...inLibrary])
  await runForText(['index', ...inLibrary])

  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 88, toIndex: 0, failed: [] })
  expect(status.roots).toMatchObject([{ files: 88, missing: 0, failed: 0 }])
  await expectSoundDatabase(join(library, 'library.sqlite'), 88)
  for (const words of ['red', 'something blue']) {
    expect(await find(words, inLibrary)).toEqual(await find(words, undisturbed))
  }
  const { jobs } = await runForJson(['jobs', ...inLibrary], anyObject)
  for (const job of z.array(anyObject).parse(jobs))
    expect(job).toMatchObject({ state: 'completed' })
})

/** Names and scores of what is found, in an order that does not depend on ids. */
async function find(words: string, inLibrary: readonly string[]): Promise<[string, number][]> {
  const args = ['search', words, '--limit', '88', ...inLibrary]
  const { hits } = await runForJson(args, searchResultSchema)
  const found = hits.map(({ path, score }): [string, number] => [
    basename(path),
    Number(score.toFixed(4)),
  ])
  return found.sort(([a], [b]) => a.localeCompare(b))
}

async function expectSoundDatabase(path: string, photos: number): Promise<void> {
  const connection = connectSqlite(path)
  onTestFinished(() => connection.destroy())
  expect(await connection.raw('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(await tablesWithBrokenKeys(connection)).toEqual([])
  const count = async (table: string, column: string) =>
    z.array(z.object({ all: z.number(), distinct: z.number() })).parse(
      await connection(table).select({
        all: connection.raw('count(*)'),
        distinct: connection.raw(`count(distinct ${column})`),
      }),
    )
  for (const [table, column] of [
    ['photos', 'contentHash'],
    ['files', 'relativePath'],
    ['embeddings', 'photoId'],
  ] as const) {
    expect(await count(table, column), table).toEqual([{ all: photos, distinct: photos }])
  }
}

test('train outlives being killed at any moment, whole or in part', { timeout }, async () => {
  const random = uniform(2_027)
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 40)
  const arch = await writeArchitecture(join(folder, 'architecture.json'))
  const inLibrary = ['--library', join(folder, 'library')]
  const options = ['--arch', arch, '--epochs', '25', '--batch', '10', '--resume', ...inLibrary]
  const argsFor = (out: string) => ['train', pictures, '--out', out, ...options]

  const undisturbed = join(folder, 'undisturbed')
  const trainMs = await measureMs(argsFor(undisturbed))

  const out = join(folder, 'out')
  const args = argsFor(out)
  const killTrainer = async (running: RunningCommand) => {
    const pid = await readFile(join(`${out}.training`, 'trainer.pid'), 'utf8').catch(() => null)
    if (pid === null) running.signalGroup('SIGKILL')
    else trySignalProcess(Number.parseInt(pid, 10))
  }
  const ways = [
    { name: 'all', kill: (running: RunningCommand) => running.signalGroup('SIGKILL') },
    { name: 'command', kill: (running: RunningCommand) => running.signal('SIGKILL') },
    { name: 'trainer', kill: killTrainer },
  ]
  const kills = new Map(ways.map(({ name }) => [name, 0]))
  for (let count = 0; count < killsWanted; ) {
    // In turn: by chance, one of them might never come.
    const { name, kill } = ways[count % ways.length]!
    const ended = await killAfter(args, 50 + random() * trainMs, kill)
    const killed = ended.signal === 'SIGKILL' || ended.exitCode === 8
    if (killed) {
      count++
      kills.set(name, kills.get(name)! + 1)
      continue
    }
    // It was done first: its model is whole, and another run begins.
    expect(ended, ended.stdout).toMatchObject({ exitCode: 0 })
    await runForText(['models', 'verify', out, ...inLibrary])
    await rm(out, { recursive: true })
  }
  for (const [name, count] of kills) expect(count, `${name} was killed`).toBeGreaterThan(0)

  await runForText(args)
  const [losses, expected] = [await lossCurve(out), await lossCurve(undisturbed)]
  expect(losses.map(({ step }) => step)).toEqual(expected.map(({ step }) => step))
  expect(losses.at(-1)!.value).toBeCloseTo(expected.at(-1)!.value, 3)
  await runForText(['models', 'verify', out, ...inLibrary])
  const left = (await readdir(folder)).filter((name) => name.startsWith('out'))
  expect(left).toEqual(['out'])
})

/** As the model tells it, whichever of its runs came last, and however little that one had to do. */
async function lossCurve(model: string): Promise<TeachCurves['loss']> {
  const card: unknown = JSON.parse(await readFile(join(model, 'semblance.json'), 'utf8'))
  const { loss } = trainedSchema.parse(card).trainingReport.curves
  expect(loss.length).toBeGreaterThan(90)
  return loss
}

function trySignalProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
