import { fork } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  replaceFolderAtomically,
  restoreFolder,
  writeFileAtomically,
} from '../../../main/platform/atomicFiles.js'
import { resolveEntry } from '../../../main/platform/entries.js'
import { isAppError } from '../../../shared/errors.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'))
})
afterAll(() => rm(folder, { recursive: true }))

const entry = resolveEntry(
  new URL('../../../main/platform/entries.ts', import.meta.url).href,
  './atomicFiles.js',
).href

/** Runs `body`, which sees the module as `atomic` and `folder`, again and again until it is killed. */
async function killDuring(body: string, where: string, delayMs: number): Promise<void> {
  const script = join(folder, 'loop.mjs')
  await writeFile(
    script,
    `import * as atomic from ${JSON.stringify(entry)}
     import { mkdir, writeFile } from 'node:fs/promises'
     const folder = process.argv[2]
     process.send('ready')
     for (let round = 0; ; round++) { ${body} }`,
  )
  const child = fork(script, [where], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => child.once('message', resolve))
  await wait(delayMs)
  child.kill('SIGKILL')
  await ended
}

it('replaces a file and leaves nothing beside it', async () => {
  const where = join(folder, 'plain')
  await mkdir(where)
  await writeFileAtomically(join(where, 'a.txt'), 'old')
  await writeFileAtomically(join(where, 'a.txt'), 'grün')
  await writeFileAtomically(join(where, 'b.bin'), [Uint8Array.of(1, 2), Uint8Array.of(3)])
  expect(await readFile(join(where, 'a.txt'), 'utf8')).toBe('grün')
  expect([...(await readFile(join(where, 'b.bin')))]).toEqual([1, 2, 3])
  expect(await readdir(where)).toEqual(['a.txt', 'b.bin'])
})

it('names the file when its folder is missing', async () => {
  const path = join(folder, 'nowhere', 'a.txt')
  const error = await writeFileAtomically(path, 'x').catch((thrown: unknown) => thrown)
  expect(isAppError(error, 'FILE_NOT_FOUND') && error.data.path).toBe(path)
})

// Every write to this device fails as on a full disk.
it.runIf(process.platform === 'linux')('reports a full disk and keeps the old file', async () => {
  const where = join(folder, 'full')
  await mkdir(where)
  await writeFileAtomically(join(where, 'a.txt'), 'old')
  const script = join(folder, 'limited.mjs')
  await writeFile(
    script,
    `import { open } from 'node:fs/promises'
     const handle = await open('/dev/full', 'w')
     const full = handle.write.bind(handle)
     const probe = await open(process.argv[1], 'r')
     Object.getPrototypeOf(probe).write = (...data) => full(...data)
     const { writeFileAtomically } = await import(${JSON.stringify(entry)})
     const error = await writeFileAtomically(process.argv[2], 'new').catch((thrown) => thrown)
     process.send({ code: error.code, path: error.data?.path })
     process.disconnect()
     process.exit(0)`,
  )
  const child = fork(script, [join(where, 'a.txt')])
  const outcome = await new Promise((resolve) => child.once('message', resolve))
  expect(outcome).toEqual({ code: 'DISK_FULL', path: join(where, 'a.txt') })
  expect(await readFile(join(where, 'a.txt'), 'utf8')).toBe('old')
  expect(await readdir(where)).toEqual(['a.txt'])
})

it('keeps a whole file through kill -9 at any moment', async () => {
  const where = join(folder, 'killed')
  await mkdir(where)
  const path = join(where, 'a.txt')
  await writeFileAtomically(path, '0'.repeat(300_000))
  for (let kill = 0; kill < 10; kill++) {
    const body = `await atomic.writeFileAtomically(folder + '/a.txt', String(round % 10).repeat(300000))`
    await killDuring(body, where, 5 + kill * 4)
    const content = await readFile(path, 'utf8')
    expect(content).toHaveLength(300_000)
    expect(new Set(content).size).toBe(1)
  }
})

it('replaces a folder, and brings the old one back after kill -9', async () => {
  const where = join(folder, 'folders')
  const target = join(where, 'model')
  await mkdir(where)
  const body = `
    const source = folder + '/new'
    await mkdir(source, { recursive: true })
    for (const name of ['a', 'b', 'c']) await writeFile(source + '/' + name, String(round))
    await atomic.replaceFolderAtomically(source, folder + '/model')`
  await mkdir(target)
  for (const name of ['a', 'b', 'c']) await writeFile(join(target, name), 'first')
  for (let kill = 0; kill < 10; kill++) {
    await killDuring(body, where, 5 + kill * 4)
    await restoreFolder(target)
    const contents = await Promise.all(
      ['a', 'b', 'c'].map((name) => readFile(join(target, name), 'utf8')),
    )
    expect(new Set(contents).size).toBe(1)
  }
})

it('keeps the old folder when the new one is missing', async () => {
  const target = join(folder, 'kept')
  await mkdir(target)
  await writeFile(join(target, 'a'), 'old')
  const error = await replaceFolderAtomically(join(folder, 'none'), target).catch(
    (thrown: unknown) => thrown,
  )
  expect(isAppError(error)).toBe(true)
  expect(await readFile(join(target, 'a'), 'utf8')).toBe('old')
})
