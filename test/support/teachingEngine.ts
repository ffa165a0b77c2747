/** An engine over a library of drawn shapes, whose model is untrained and therefore has much to learn. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createEngine, type Engine } from '../../main/engine/createEngine.js'
import type { TeachRun } from '../../shared/domain/teaching.js'
import { drawShapes } from './drawnShapes.js'
import { writeSmallModel } from './smallModel.js'
import { temporaryFolder } from './temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** The names of all photos. */
export const lesson = {
  source: { kind: 'library' },
  words: { captions: false, tags: false, names: true, judgements: false },
  method: 'quick',
  name: 'Shapes!',
  minutes: null,
} as const

/** The engine of the library in `folder`, closed after the test. */
export function startEngine(folder: string): Engine {
  const engine = createEngine({
    libraryFolder: join(folder, 'library'),
    starterFolder: join(folder, 'model'),
  })
  let closing: Promise<void> | null = null
  const dispose = () => {
    closing ??= engine.dispose()
    return closing
  }
  onTestFinished(dispose)
  return { ...engine, dispose }
}

/** An indexed library with so many variants of each of 18 coloured shapes. */
export async function engineWithShapes(variants: number) {
  const folder = await temporaryFolder()
  await writeSmallModel(join(folder, 'model'))
  const pictures = await drawShapes(join(folder, 'pictures'), variants)
  const engine = startEngine(folder)
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)
  return { folder, pictures, engine, client: engine.client }
}

/** The run once it is in one of the states. */
export async function untilRun(
  { client }: Engine,
  job: number,
  states: readonly TeachRun['state'][],
): Promise<TeachRun> {
  for (;;) {
    const found = await client.teach.run({ job })
    if (states.includes(found.state)) return found
    await delay(50)
  }
}
