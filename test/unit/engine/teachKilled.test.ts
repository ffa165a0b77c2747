/** An engine that is killed while it teaches: the next one goes on from the checkpoint. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { projectRoot } from '../../../main/platform/entries.js'
import { drawShapes } from '../../support/drawnShapes.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** A program that teaches for six seconds and says so once it has learned something. */
const source = `
  import { createEngine } from ${JSON.stringify(
    pathToFileURL(join(projectRoot, 'dist/main/engine/createEngine.js')).href,
  )}
  const [libraryFolder, starterFolder] = process.argv.slice(2)
  const { client } = createEngine({ libraryFolder, starterFolder })
  const words = { captions: false, tags: false, names: true, judgements: false }
  const { job } = await client.teach.start({
    source: { kind: 'library' }, words, method: 'scratch', name: 'Killed', minutes: 0.1,
  })
  for (;;) {
    const { curves } = await client.teach.run({ job })
    if (curves.loss.length > 0) process.stdout.write(String(job))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }`

test('a run goes on after its engine was killed', async () => {
  const folder = await temporaryFolder()
  const options = { libraryFolder: join(folder, 'library'), starterFolder: join(folder, 'model') }
  await writeSmallModel(options.starterFolder)
  await drawShapes(join(folder, 'pictures'), 4)
  const first = createEngine(options)
  await first.library.addFolders([join(folder, 'pictures')], run)
  await first.dispose()

  const script = join(folder, 'teach.mjs')
  await writeFile(script, source)
  const child = spawn(process.execPath, [script, options.libraryFolder, options.starterFolder])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [told] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGKILL')
  await once(child, 'close')

  const job = Number.parseInt(told.toString(), 10)
  const second = createEngine(options)
  onTestFinished(() => second.dispose())
  await second.start()
  const before = await second.client.teach.run({ job })
  expect(before).toMatchObject({ state: 'running', name: 'Killed' })
  await expect
    .poll(async () => (await second.client.teach.run({ job })).state, { timeout: 30_000 })
    .toBe('decide')
  const after = await second.client.teach.run({ job })
  expect(after.curves.loss.slice(0, 1)).toEqual(before.curves.loss.slice(0, 1))
  expect(after.curves.loss.length).toBeGreaterThan(before.curves.loss.length)
  expect(after.after).not.toBe(null)
}, 60_000)
