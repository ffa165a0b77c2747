/** Runs that are paused, closed, cancelled or killed while they teach. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Engine } from '../../../main/engine/createEngine.js'
import { projectRoot } from '../../../main/platform/entries.js'
import { engineWithShapes, lesson, startEngine, untilRun } from '../../support/teachingEngine.js'

test('goes on from its checkpoint when paused, and after the engine was closed', async () => {
  const { engine, folder } = await engineWithShapes(4)
  const minutes = 0.1
  const { job } = await engine.client.teach.start({ ...lesson, minutes })
  const trained = async (of: Engine) => (await of.client.teach.run({ job })).curves.loss.length
  await expect.poll(() => trained(engine), { timeout: 60_000 }).toBeGreaterThan(0)
  await engine.client.jobs.pause({ id: job })
  expect(await engine.client.teach.run({ job })).toMatchObject({ state: 'paused' })
  const paused = await trained(engine)
  await engine.client.jobs.resume({ id: job })
  await engine.dispose()

  const again = startEngine(folder)
  await again.start()
  const taught = await untilRun(again, job, ['decide', 'failed'])
  expect(taught).toMatchObject({ state: 'decide', method: 'quick' })
  expect(taught.curves.loss.length).toBeGreaterThan(paused)
  const steps = taught.curves.loss.map(({ step }) => step)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(taught.curves.recall.length).toBeGreaterThan(0)
  await again.client.teach.discard({ job })
  expect(await again.client.teach.run({ job })).toMatchObject({ state: 'discarded' })
  expect(await again.client.models.list()).toHaveLength(1)
}, 240_000)

test('a cancelled run leaves nothing once it is discarded', async () => {
  const { client, folder } = await engineWithShapes(4)
  const { job } = await client.teach.start({ ...lesson, method: 'scratch', minutes: 10 })
  await expect
    .poll(async () => (await client.teach.run({ job })).curves.loss.length, { timeout: 60_000 })
    .toBeGreaterThan(0)
  await client.jobs.cancel({ id: job })
  expect(await client.teach.run({ job })).toMatchObject({ state: 'cancelled', model: null })
  await client.teach.discard({ job })
  await client.jobs.clear()
  expect(await client.teach.runs()).toMatchObject([{ job, state: 'discarded' }])
  const row = (await client.teach.runs())[0]!
  expect(row.pairs).toBe(72)
  expect(await readdir(join(folder, 'library', 'models'))).toEqual([])
}, 240_000)
/** A program that teaches for six seconds and says so once it has learned something. */
const source = `
  import { createEngine } from ${JSON.stringify(
    pathToFileURL(join(projectRoot, 'dist/main/engine/createEngine.js')).href,
  )}
  const [libraryFolder, starterFolder] = process.argv.slice(2)
  const { client } = createEngine({ libraryFolder, starterFolder })
  const words = { captions: false, tags: false, names: true, judgements: false }
  const { job } = await client.teach.start({
    source: { kind: 'library' }, words, method: 'quick', name: 'Killed', minutes: 0.1,
  })
  for (;;) {
    const { curves } = await client.teach.run({ job })
    if (curves.loss.length > 0) process.stdout.write(String(job))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }`

test('a run goes on after its engine was killed', async () => {
  const { folder, engine } = await engineWithShapes(4)
  await engine.dispose()

  const script = join(folder, 'teach.mjs')
  await writeFile(script, source)
  const child = spawn(process.execPath, [script, join(folder, 'library'), join(folder, 'model')])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [told] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGKILL')
  await once(child, 'close')

  const job = Number.parseInt(told.toString(), 10)
  const second = startEngine(folder)
  await second.start()
  const before = await second.client.teach.run({ job })
  expect(before).toMatchObject({ state: 'running', name: 'Killed' })
  const after = await untilRun(second, job, ['decide', 'failed'])
  expect(after.curves.loss.slice(0, 1)).toEqual(before.curves.loss.slice(0, 1))
  expect(after.curves.loss.length).toBeGreaterThan(before.curves.loss.length)
  expect(after.after).not.toBe(null)
}, 240_000)
