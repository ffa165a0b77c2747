/** Scans that are killed at any moment: the next one goes on, nothing is lost or doubled. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { addRoot } from '../../../main/library/roots/addRoot.js'
import { projectRoot } from '../../../main/platform/entries.js'
import { openDatabase } from '../../../main/storage/openDatabase.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const pictureCount = 400
const kills = 6

/** A program that runs the library's jobs, queueing a scan, as the engine does. */
function scannerSource(): string {
  const built = (path: string) =>
    JSON.stringify(pathToFileURL(join(projectRoot, 'dist/main', path)).href)
  return `
    import { openDatabase } from ${built('storage/openDatabase.js')}
    import { createJobRunner } from ${built('jobs/createJobRunner.js')}
    import { createScanJob } from ${built('library/scan/scanJob.js')}
    import { systemClock } from ${built('platform/clock.js')}
    const database = await openDatabase(process.argv[2])
    const kinds = { scan: createScanJob(database, systemClock) }
    const onError = (error) => { throw error }
    const runner = createJobRunner({ jobs: database.jobs, kinds, clock: systemClock, onError })
    await runner.start()
    const job = await runner.enqueue('scan', { rootId: null })
    process.stdout.write('begun')
    const { state } = await runner.settled(job.id)
    await runner.dispose()
    await database.dispose()
    process.exit(state === 'completed' ? 0 : 1)`
}

/** Resolves once the scanner says that it began; rejects with its words if it ends before. */
async function begun(child: ChildProcessWithoutNullStreams): Promise<void> {
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`the scanner ended (${code ?? signal}) before it began: ${complaint}`)
  })
  ended.catch(() => {})
  await Promise.race([once(child.stdout, 'data'), ended])
}

test('a scan that is killed again and again comes to the same end', async () => {
  const folder = await temporaryFolder()
  const library = await temporaryFolder()
  const script = join(await temporaryFolder(), 'scanner.mjs')
  await writeFile(script, scannerSource())
  const bytes = await readFile((await writeShapes(folder, 1))[0]!)
  for (let index = 1; index < pictureCount; index++) {
    await writeFile(join(folder, `${index}.png`), Buffer.concat([bytes, Buffer.from(`${index}`)]))
  }
  const setUp = await openDatabase(library)
  await addRoot(setUp, folder, 1)
  await setUp.dispose()

  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [script, library])
    // A scan that has little left may end before it is killed.
    const closed = once(child, 'close')
    await begun(child)
    await delay(Math.random() * 300)
    child.kill('SIGKILL')
    await closed
  }
  const last = spawn(process.execPath, [script, library], { stdio: 'ignore' })
  expect(await once(last, 'close')).toEqual([0, null])

  const database = await openDatabase(library)
  onTestFinished(() => database.dispose())
  expect(await database.photos.count()).toBe(pictureCount)
  expect(await database.photos.countWithFile()).toBe(pictureCount)
  expect(await database.files.countByState()).toEqual([
    { rootId: 1, state: 'present', count: pictureCount },
  ])
  const jobs = await database.jobs.list(100)
  expect(jobs.filter((job) => job.state === 'running' || job.state === 'queued')).toEqual([])
}, 120_000)
