/** Options of a run's course, as people give them. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trainingEventSchema } from '../../shared/domain/training.js'
import { jsonLines, runForError, runSemblance } from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

test('options of the course are checked, and layer decay and accumulated batches change it', async () => {
  const folder = await temporaryFolder()
  const [pictures, model] = [join(folder, 'pictures'), join(folder, 'model')]
  await writeShapes(pictures, 18)
  await writeSmallModel(model)
  const tail = ['--method', 'deep', '--from', model, '--library', join(folder, 'library')]
  const argsFor = (out: string, ...more: string[]) =>
    ['train', pictures, '--out', join(folder, out), ...tail].concat(more)
  for (const [option, value, reason] of [
    ['--layer-decay', '1.5', 'not a number from 0 to 1'],
    ['--layer-decay', '0', 'above 0'],
    ['--accumulate', '1.5', 'not a whole number above 0'],
    ['--patience', '0', 'not a whole number above 0'],
  ] as const) {
    const { message } = await runForError(argsFor('none', option, value), 2)
    expect(message).toContain(option)
    expect(message).toContain(reason)
  }
  const train = async (out: string, ...more: string[]) => {
    const course = ['--epochs', '4', '--batch', '4', '--lr', '0.01', '--blend', '1', '--json']
    const finished = await runSemblance(argsFor(out, ...course, ...more))
    expect(finished).toMatchObject({ exitCode: 0 })
    const events = jsonLines(finished.stdout).map((line) => trainingEventSchema.parse(line))
    const end = events.find((event) => event.type === 'finished')
    return end?.type === 'finished' ? end : null
  }
  const plain = await train('plain')
  const decayed = await train('decayed', '--layer-decay', '0.5')
  const accumulated = await train('accumulated', '--accumulate', '2')
  // As many updates at other rates; half as many of twice the batches.
  expect(decayed!.step).toBe(plain!.step)
  expect(decayed!.modelId).not.toBe(plain!.modelId)
  expect(accumulated!.step).toBe(Math.ceil(plain!.step / 2))
}, 300_000)
