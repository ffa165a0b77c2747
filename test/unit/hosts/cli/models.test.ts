/** What the commands for models print for people, of a real library. */
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../../main/engine/createEngine.js'
import { createCli } from '../../../../main/hosts/cli/cli.js'
import { modelsCommand } from '../../../../main/hosts/cli/commands/models.js'
import {
  describeLanguages,
  describeLicence,
} from '../../../../main/hosts/cli/output/describeModel.js'
import { writeShapes } from '../../../support/pictureFolder.js'
import { writeSmallModel } from '../../../support/smallModel.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** A library of six pictures that one of two models has looked at, and its commands. */
async function libraryOfTwoModels() {
  const folder = await temporaryFolder()
  const starterFolder = join(folder, 'starter')
  const starter = await writeSmallModel(starterFolder, 1)
  const other = await writeSmallModel(join(folder, 'other'), 2)
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 6)
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  await engine.library.addFolders([pictures], run)
  await engine.library.index({ device: 'cpu' }, run)
  await engine.models.register(other.path)
  const print = async (...args: string[]) => {
    const stdout = new PassThrough()
    const stderr = Object.assign(new PassThrough(), { isTTY: false })
    const streams = { stdout, stderr: stderr as unknown as NodeJS.WriteStream }
    const options = { json: false, library: undefined }
    const cli = createCli(streams, () => options, run.signal)
    await modelsCommand({ ...cli, options, engine: async () => engine }).parseAsync(args, {
      from: 'user',
    })
    return String(stdout.read())
  }
  return { engine, print, pictures, starter, other }
}

test('a comparison tells what a model has not looked at, and how it would', async () => {
  const { engine, print, pictures, starter, other } = await libraryOfTwoModels()
  const compare = () => print('compare', starter.id, other.id, 'red', '--limit', '2')
  const [, one, unseen] = (await compare()).split('\n\n')
  expect(one).toMatch(/^small:\n {2}1\. .*pictures.*\n {2}2\. /)
  expect(unseen).toMatch(/^small:\n {2}No photo has been indexed with this model yet/)
  expect(unseen).toContain(`Next: semblance index --model ${other.id}`)

  await engine.library.index({ device: 'cpu', model: other.id }, run)
  const [, , seen] = (await compare()).split('\n\n')
  expect(seen).toMatch(/^small:\n {2}1\. .*pictures.*\n {2}2\. /)

  await writeShapes(join(pictures, 'more'), 8)
  await engine.library.addFolders([pictures], run)
  const { photos } = await engine.client.library.status()
  const [, , part] = (await compare()).split('\n\n')
  expect(part).toContain(`It has looked at 6 of ${photos} photos.`)
})

test('the list has what a model is chosen by, figures where they were measured', async () => {
  const { engine, print, starter } = await libraryOfTwoModels()
  const before = (await print('list')).split('\n')
  expect(before[0]).toMatch(/model +kind +dim +indexed +size +languages +licence +in the first 10/)
  expect(before[2]).toMatch(/\* +small +starter +24 +6 +\d+ kB +English +MIT +\? +\? /)
  expect(before[3]).toMatch(/small +tuned +24 +0 +\d+ kB +\? +MIT +\? +\? /)
  await engine.modelStore.measure(await engine.models.known(starter.id), run)
  expect(await print('list')).toMatch(/\* +small .* MIT +no words +[\d.]+\/s /)
})

test('licences and languages are told in few words', () => {
  const apple = 'Apple ML Research Model'
  expect(describeLicence({ name: apple, use: 'research' })).toBe(`${apple}, research only`)
  expect(describeLicence({ name: 'MIT', use: 'any' })).toBe('MIT')
  expect(describeLicence({ name: 'long '.repeat(20), use: 'research' })).toBe(
    `${'long '.repeat(8).trim()}…, research only`,
  )
  expect(describeLanguages('many')).toBe('about 100')
  expect(describeLanguages(['English', 'German', 'French'])).toBe('English and 2 more')
})
