import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  readCompanions,
  requireFreeFolder,
  writeModelDirectory,
} from '../../../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import {
  type ModelDirectory,
  openModelDirectory,
} from '../../../../../main/ml/clip/modelDirectory.js'
import { isAppError } from '../../../../../shared/errors.js'
import { smallModelParts, writeSmallModel } from '../../../../support/smallModel.js'

let root: string
let model: ModelDirectory
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'models-'))
  model = await writeSmallModel(join(root, 'original'))
})
afterAll(() => rm(root, { recursive: true }))

let copies = 0
async function copyModel(): Promise<string> {
  const folder = join(root, `copy-${copies++}`)
  await cp(model.path, folder, { recursive: true })
  return folder
}

/** The path and reason of the MODEL_INVALID that opening `folder` throws. */
async function problemOf(folder: string, verify: 'quick' | 'full' = 'quick') {
  const error = await openModelDirectory(folder, { verify }).catch((thrown: unknown) => thrown)
  if (!isAppError(error, 'MODEL_INVALID')) throw error
  return { file: error.data.path.slice(folder.length + 1), reason: error.data.reason }
}

const files = [
  'config.json',
  'onnx/text_model.onnx',
  'onnx/vision_model.onnx',
  'preprocessor_config.json',
  'special_tokens_map.json',
  'tokenizer.json',
  'tokenizer_config.json',
]

describe('writeModelDirectory', () => {
  it('writes the layout, sealed', () => {
    expect(Object.keys(model.files).sort()).toEqual(files)
    expect(model).toMatchObject({
      name: 'small',
      embeddingDim: 24,
      imagePooledDim: 48,
      contextLength: 16,
      padTo: 'longest',
    })
    expect(model.manifest).toMatchObject({ formatVersion: 1, id: model.id, method: 'scratch' })
  })

  it('gives the same files the same id and others another', async () => {
    const again = await writeSmallModel(join(root, 'again'))
    const other = await writeSmallModel(join(root, 'other'), 2)
    expect(again.id).toBe(model.id)
    expect(other.id).not.toBe(model.id)
  })

  it('leaves no temporary folder, and clears those of crashed writers', async () => {
    const parent = join(root, 'parent')
    await mkdir(join(parent, 'model.999999.0123abcd.tmp/onnx'), { recursive: true })
    await writeSmallModel(join(parent, 'model'))
    expect(await readdir(parent)).toEqual(['model'])
  })

  it('accepts an empty folder and the same model again, but overwrites nothing', async () => {
    const folder = join(root, 'taken')
    await mkdir(folder)
    await requireFreeFolder(folder)
    await writeSmallModel(folder)
    await writeSmallModel(folder)
    const error = await writeSmallModel(folder, 2).catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'INVALID_ARGUMENT') && error.data.argument).toBe(folder)
    expect((await openModelDirectory(folder, { verify: 'full' })).id).toBe(model.id)
  })

  it('passes the companions on to a tuned model', async () => {
    const parts = { ...smallModelParts(3), companions: await readCompanions(model) }
    const tuned = await writeModelDirectory(join(root, 'tuned'), {
      ...parts,
      card: { ...parts.card, parent: model.id },
    })
    expect(tuned.manifest?.parent).toBe(model.id)
    expect(tuned.files['tokenizer.json']).toEqual(model.files['tokenizer.json'])
  })
})

describe('openModelDirectory', () => {
  it.each([...files.filter((file) => file !== 'special_tokens_map.json')])(
    'names %s when it is missing',
    async (file) => {
      const folder = await copyModel()
      await rm(join(folder, file))
      expect(await problemOf(folder)).toMatchObject({
        file,
        reason: expect.stringMatching(/missing/),
      })
    },
  )

  it.each(files)('names %s when a byte of it was altered', async (file) => {
    const folder = await copyModel()
    const bytes = await readFile(join(folder, file))
    // In the middle of a string or a weight, where the file can still be read.
    const at = file.endsWith('.json') ? bytes.lastIndexOf('_') : bytes.length >> 1
    bytes[at] = file.endsWith('.json') ? 0x2d : bytes[at]! ^ 1
    await writeFile(join(folder, file), bytes)
    expect((await problemOf(folder, 'full')).file).toBe(file)
  })

  it('notices a file cut short without reading it', async () => {
    const folder = await copyModel()
    const path = join(folder, 'onnx/vision_model.onnx')
    await writeFile(path, (await readFile(path)).subarray(0, -1))
    expect(await problemOf(folder)).toMatchObject({
      file: 'onnx/vision_model.onnx',
      reason: expect.stringMatching(/altered/),
    })
  })

  it.each([
    ['../secret', /leads out/],
    ['/etc/passwd', /leads out/],
    ['a\\b', /leads out/],
  ])('refuses the path %s in semblance.json', async (path, reason) => {
    const folder = await copyModel()
    const manifest = JSON.parse(await readFile(join(folder, 'semblance.json'), 'utf8'))
    manifest.files[path] = manifest.files['config.json']
    await writeFile(join(folder, 'semblance.json'), JSON.stringify(manifest))
    expect(await problemOf(folder)).toMatchObject({
      file: 'semblance.json',
      reason: expect.stringMatching(reason),
    })
  })

  it('refuses a link to a file outside', async () => {
    const folder = await copyModel()
    await rename(join(folder, 'tokenizer.json'), join(root, 'outside.json'))
    await symlink(join(root, 'outside.json'), join(folder, 'tokenizer.json'))
    expect(await problemOf(folder)).toMatchObject({
      file: 'tokenizer.json',
      reason: expect.stringMatching(/outside/),
    })
  })

  it('opens an export that was made elsewhere', async () => {
    const folder = await copyModel()
    await rm(join(folder, 'semblance.json'))
    await rename(
      join(folder, 'onnx/text_model.onnx'),
      join(folder, 'onnx/text_model_quantized.onnx'),
    )
    const foreign = await openModelDirectory(folder)
    expect(foreign).toMatchObject({
      manifest: null,
      embeddingDim: 24,
      contextLength: 16,
      imagePooledDim: null,
    })
    expect(foreign.textPath).toMatch(/text_model_quantized\.onnx$/)
    expect(foreign.id).toMatch(/^[0-9a-f]{32}$/)
    expect((await openModelDirectory(folder)).id).toBe(foreign.id)
  })

  it('says so where only a joint model is there', async () => {
    const folder = await copyModel()
    await rename(join(folder, 'onnx/vision_model.onnx'), join(folder, 'onnx/model.onnx'))
    expect((await problemOf(folder)).reason).toMatch(/onnx\/model\.onnx holds both/)
  })

  it('tells a missing folder apart', async () => {
    const error = await openModelDirectory(join(root, 'nowhere')).catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'FILE_NOT_FOUND')).toBe(true)
  })
})
