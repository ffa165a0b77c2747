/** kill -9 at random moments of deep and full: the run goes on, and its model is the one it would have been. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { readModelFile } from '../../main/ml/onnx/readModel.js'
import { runForText, runSemblance, startSemblance } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { uniform } from '../support/random.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const killsWanted = 2

test.each(['deep', 'full'])(
  '%s outlives being killed at any moment',
  async (method) => {
    const random = uniform(2_028)
    const folder = await temporaryFolder()
    const [pictures, model] = [join(folder, 'pictures'), join(folder, 'model')]
    await writeShapes(pictures, 24)
    await writeSmallModel(model)
    const course = ['--epochs', '8', '--batch', '8', '--blend', '1', '--lr', '0.002']
    const options = ['--from', model, '--method', method, ...course, '--resume']
    const inLibrary = ['--library', join(folder, 'library')]
    const argsFor = (name: string) =>
      ['train', pictures, '--out', join(folder, name), ...options].concat(inLibrary)

    const startedAt = performance.now()
    await runForText(argsFor('undisturbed'))
    const wholeMs = performance.now() - startedAt
    let kills = 0
    for (let tries = 0; kills < killsWanted && tries < 4 * killsWanted; tries++) {
      const running = startSemblance(argsFor(`out ${kills}`))
      await Promise.race([delay(random() * wholeMs), running.finished])
      running.signalGroup('SIGKILL')
      const { signal } = await running.finished
      if (signal !== 'SIGKILL') continue
      kills++
      const name = `out ${kills - 1}`
      expect(await runSemblance(argsFor(name))).toMatchObject({ exitCode: 0 })
      await runForText(['models', 'verify', join(folder, name), ...inLibrary])
      const distance = await furthest(join(folder, name), join(folder, 'undisturbed'))
      expect(distance, `killed after ${kills}`).toBeLessThan(1e-4)
      expect((await readdir(folder)).filter((each) => each.startsWith(name))).toEqual([name])
    }
    expect(kills).toBe(killsWanted)
    expect(await furthest(model, join(folder, 'undisturbed'))).toBeGreaterThan(1e-3)
  },
  400_000,
)

/** The largest difference between the weights of two models of one architecture. */
async function furthest(one: string, other: string): Promise<number> {
  const [a, b] = [await openModelDirectory(one), await openModelDirectory(other)]
  let most = 0
  for (const tower of ['visionPath', 'textPath'] as const) {
    const [first, second] = [await readModelFile(a[tower]), await readModelFile(b[tower])]
    for (const [name, { type, data }] of first.initializers) {
      if (type !== 'float32') continue
      const others = second.initializers.get(name)!.data
      data.forEach((value, i) => {
        const distance = Math.abs(value - Number(others[i]))
        if (distance > most) most = distance
      })
    }
  }
  return most
}
