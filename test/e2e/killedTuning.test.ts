/** kill -9 at random moments of deep and full: the run goes on, and its model is the one it would have been. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { readModelFile } from '../../main/ml/onnx/readModel.js'
import {
  type RunningCommand,
  runForText,
  runSemblance,
  startSemblance,
} from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { uniform } from '../support/random.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { reachEvent, resumedAt } from '../support/trainingEvents.js'

test.each(['deep', 'full'])(
  '%s outlives being killed at any moment',
  async (method) => {
    const random = uniform(2_028)
    const folder = await temporaryFolder()
    const [pictures, model] = [join(folder, 'pictures'), join(folder, 'model')]
    await writeShapes(pictures, 24)
    await writeSmallModel(model)
    const course = ['--epochs', '200', '--batch', '8', '--patience', '1000', '--blend', '1']
    const options = ['--from', model, '--method', method, ...course, '--resume', '--json']
    const inLibrary = ['--library', join(folder, 'library')]
    const argsFor = (name: string) =>
      ['train', pictures, '--out', join(folder, name), ...options].concat(inLibrary)

    const startedAt = performance.now()
    expect(await runSemblance(argsFor('undisturbed'))).toMatchObject({ exitCode: 0 })
    const wholeMs = performance.now() - startedAt
    /** Ends a run after so long, or once it has saved, and lets it go on. */
    const kill = async (name: string, when: (running: RunningCommand) => Promise<unknown>) => {
      const running = startSemblance(argsFor(name))
      await when(running)
      running.signalGroup('SIGKILL')
      expect(await running.finished).toMatchObject({ signal: 'SIGKILL' })
      const { exitCode, stdout } = await runSemblance(argsFor(name))
      expect(exitCode, stdout).toBe(0)
      await runForText(['models', 'verify', join(folder, name), ...inLibrary])
      const distance = await furthest(join(folder, name), join(folder, 'undisturbed'))
      expect(distance, name).toBeLessThan(1e-4)
      expect((await readdir(folder)).filter((each) => each.startsWith(name))).toEqual([name])
      return resumedAt(stdout)
    }
    await kill('anywhere', () => delay(0.5 * random() * wholeMs))
    const step = await kill('later', async (running) => {
      await reachEvent(running, ({ type }) => type === 'checkpointed')
      await delay(0.05 * random() * wholeMs)
    })
    expect(step).toBeGreaterThan(0)
    expect(await furthest(model, join(folder, 'undisturbed'))).toBeGreaterThan(1e-3)
  },
  400_000,
)

/** The largest difference between the weights of two models; infinite where one has others. */
async function furthest(one: string, other: string): Promise<number> {
  const [a, b] = [await openModelDirectory(one), await openModelDirectory(other)]
  let most = 0
  for (const tower of ['visionPath', 'textPath'] as const) {
    const [first, second] = [await readModelFile(a[tower]), await readModelFile(b[tower])]
    for (const [name, { type, data }] of first.initializers) {
      if (type !== 'float32') continue
      const others = second.initializers.get(name)?.data
      if (!others) return Number.POSITIVE_INFINITY
      data.forEach((value, i) => {
        const distance = Math.abs(value - Number(others[i]))
        if (distance > most) most = distance
      })
    }
  }
  return most
}
