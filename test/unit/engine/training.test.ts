/** What a training run does to the folders beside it, before it learns anything. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

/** Tries to train on a folder without pictures; the work folder holds `files` beforehand. */
async function tryTraining(files: Readonly<Record<string, string>>, resume = false) {
  const folder = await temporaryFolder()
  const workFolder = join(folder, 'model.training')
  await mkdir(workFolder)
  await mkdir(join(folder, 'pictures'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(workFolder, name), text)
  const engine = createEngine({ libraryFolder: join(folder, 'library') })
  onTestFinished(() => engine.dispose())
  const error: unknown = await engine.training
    .train(
      { folder: join(folder, 'pictures'), out: join(folder, 'model'), resume },
      { signal: new AbortController().signal, onEvent: () => {} },
    )
    .catch((reason: unknown) => reason)
  return { error, left: await readdir(workFolder).catch(() => null) }
}

test('a folder of the user that has the name of the work folder is left alone', async () => {
  const { error, left } = await tryTraining({ 'holiday.jpg': 'precious' })
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(String(error)).toContain('holiday.jpg')
  expect(left).toEqual(['holiday.jpg'])
})

test('what a dead run left is replaced', async () => {
  const files = { 'pairs.jsonl': '', 'run.json.12.0a1b2c3d.tmp': '', 'checkpoint.bin': '' }
  const { error, left } = await tryTraining(files)
  expect(error).toMatchObject({ code: 'NO_PICTURES' })
  expect(left).toBe(null)
})

test.each([true, false])('a run that cannot be read is kept (resume %s)', async (resume) => {
  const files = { 'run.json': '{"spec": "of another version"}', 'checkpoint.bin': 'hours' }
  const { error, left } = await tryTraining(files, resume)
  expect(error).toMatchObject({ code: resume ? 'CHECKPOINT_INVALID' : 'INVALID_ARGUMENT' })
  expect(left).toEqual(['checkpoint.bin', 'run.json'])
})
