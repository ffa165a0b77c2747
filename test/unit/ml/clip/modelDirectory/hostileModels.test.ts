/** Tampered model directories are refused before onnxruntime sees them, naming the file. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openImageEncoder, openTextEncoder } from '../../../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../../../main/ml/clip/modelDirectory.js'
import { importModel } from '../../../../../main/tuning/models/importModel.js'
import type { AppError } from '../../../../../shared/errors.js'
import { hostileModels } from '../../../../support/hostileModels.js'
import { writeSmallModel } from '../../../../support/smallModel.js'
import { folderForFile } from '../../../../support/temporaryFolder.js'
import { zipFolder } from '../../../../support/zipFolder.js'

const folder = folderForFile()
const signal = new AbortController().signal
const options = { device: 'cpu', threads: 1 } as const
let made = 0

/** A folder of its own with a copy of a sound export, and a secret outside that. */
async function copyExport(seed = 1): Promise<string> {
  const source = join(folder(), `sound-${seed}`)
  const copy = join(folder(), `case-${made++}`, 'model')
  await mkdir(join(copy, '..'))
  await cp(source, copy, { recursive: true })
  await writeFile(join(copy, '..', 'secret'), 'secret')
  return copy
}

async function use(path: string): Promise<void> {
  const model = await openModelDirectory(path)
  const image = await openImageEncoder(model, options)
  await image.dispose()
  const text = await openTextEncoder(model, options)
  await text.dispose()
}

beforeAll(async () => {
  for (const seed of [1, 2]) {
    const path = join(folder(), `sound-${seed}`)
    await writeSmallModel(path, seed)
    await cp(path, `${path}-sealed`, { recursive: true })
    await rm(join(path, 'semblance.json'))
  }
})

describe('a model directory', () => {
  it('is used where it is sound', async () => {
    await use(await copyExport())
  })

  it.each(hostileModels)('with $name is refused', async ({ change, file, reason }) => {
    const path = await copyExport()
    await change(path)
    const before = await readdir(join(path, '..'), { recursive: true })
    const error = await use(path).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(MODEL|ONNX)_INVALID$/),
      data: { path: join(path, file), reason: expect.stringMatching(reason) },
    })
    expect(await readdir(join(path, '..'), { recursive: true })).toEqual(before)
  })

  it.each(hostileModels)('with $name is not imported', async ({ name, change, file }) => {
    const path = await copyExport()
    await change(path)
    const models = join(path, '..', 'models')
    await mkdir(models)
    const before = await readdir(join(path, '..'), { recursive: true })
    const sources = [path]
    // Archives hold no pipes, links are left out of these, and a gigabyte takes long to pack.
    if (!/link|pipe|gigabyte/.test(name)) {
      await zipFolder(path, join(path, '..', 'model.zip'))
      sources.push(join(path, '..', 'model.zip'))
    }
    for (const source of sources) {
      const error = await importModel(source, models, signal).catch((thrown: unknown) => thrown)
      expect(error, source).toMatchObject({ code: expect.stringMatching(/^(MODEL|ONNX)_INVALID$/) })
      const { path: named } = (error as AppError).data as { path: string }
      expect(named.startsWith(source) && named.endsWith(file), named).toBe(true)
    }
    await rm(join(path, '..', 'model.zip'), { force: true })
    expect(await readdir(join(path, '..'), { recursive: true })).toEqual(before)
  })

  it('with a text encoder of another model is refused before it embeds anything', async () => {
    const path = join(folder(), 'mixed')
    await cp(join(folder(), 'sound-1-sealed'), path, { recursive: true })
    await cp(join(folder(), 'sound-2/onnx/text_model.onnx'), join(path, 'onnx/text_model.onnx'))
    // Of the same size, it goes unnoticed as long as nobody uses it.
    const model = await openModelDirectory(path)
    await expect(openTextEncoder(model, options)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      data: { path: join(path, 'onnx/text_model.onnx'), reason: expect.stringMatching(/altered/) },
    })
  })

  it('of an export is not used with files that were altered since it was opened', async () => {
    const path = await copyExport()
    const model = await openModelDirectory(path)
    const file = join(path, 'onnx/vision_model.onnx')
    const bytes = await readFile(file)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(file, bytes)
    await expect(openImageEncoder(model, options)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      data: { path: file },
    })
    expect((await openModelDirectory(path)).id).not.toBe(model.id)
  })
})
