/** A library whose move is killed at any moment is whole in one of its two places. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { projectRoot } from '../../../main/platform/entries.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const files = 60

/** A program that moves the library of its environment, and says when it begins. */
const source = `
  import { createEngine } from ${JSON.stringify(
    pathToFileURL(join(projectRoot, 'dist/main/engine/createEngine.js')).href,
  )}
  const engine = createEngine({ environment: process.env })
  await engine.client.settings.get()
  process.stdout.write('moving')
  await engine.client.settings.moveLibrary({ folder: engine.handles.grant(process.argv[2]) })
  await engine.dispose()`

test('a killed move leaves a whole library, and can be made again', async () => {
  const home = await temporaryFolder()
  const environment = { HOME: home, XDG_DATA_HOME: join(home, 'data') }
  const usual = join(home, 'data', 'semblance')
  const target = join(home, 'disk', 'semblance')
  const script = join(home, 'move.mjs')
  await writeFile(script, source)

  async function within<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const engine = createEngine({ environment })
    try {
      await engine.start()
      return await work(engine)
    } finally {
      await engine.dispose()
    }
  }
  async function moveTo({ client, handles }: Engine, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true })
    const { libraryFolder } = await client.settings.places()
    if (libraryFolder === folder) return
    await client.settings.moveLibrary({ folder: handles.grant(folder) })
  }
  async function expectWhole({ client }: Engine): Promise<string> {
    expect(await client.settings.get()).toMatchObject({ theme: 'dark' })
    const { libraryFolder } = await client.settings.places()
    expect(await readdir(join(libraryFolder, 'pictures'))).toHaveLength(files)
    return libraryFolder
  }

  await within((engine) => engine.client.settings.set({ theme: 'dark' }))
  await mkdir(join(usual, 'pictures'))
  for (let i = 0; i < files; i++) await writeFile(join(usual, 'pictures', `${i}.webp`), `${i}`)

  /** Killed as soon as `reached`. */
  async function move(reached: () => boolean): Promise<void> {
    await mkdir(target, { recursive: true })
    const env = { ...process.env, SEMBLANCE_HOME: '', ...environment }
    const child = spawn(process.execPath, [script, target], { env })
    onTestFinished(() => void child.kill('SIGKILL'))
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    while (!reached()) await delay(1)
    child.kill('SIGKILL')
    await closed
  }

  const moments: (() => boolean)[] = [
    () => true,
    () => existsSync(join(target, '.semblance-moving')),
    () => existsSync(join(target, '.semblance-moving', 'pictures', '7.webp')),
    () => existsSync(join(target, 'library.sqlite')),
    () => existsSync(join(target, 'library.lock')),
    () => existsSync(join(usual, 'moved.json')),
    () => !existsSync(join(usual, 'library.sqlite')),
  ]
  const places = new Set<string>()
  for (const reached of moments) {
    await within((engine) => moveTo(engine, usual))
    await move(reached)
    await within(async (engine) => {
      places.add(await expectWhole(engine))
      await moveTo(engine, target)
      expect(await expectWhole(engine)).toBe(target)
    })
    // What the killed move left behind is gone.
    expect(await readdir(usual)).toEqual(['moved.json'])
  }
  expect(places).toEqual(new Set([usual, target]))
}, 240_000)
