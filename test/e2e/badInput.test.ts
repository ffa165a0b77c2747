/** Broken captions, models, libraries and caches: an error that names the file, and nothing lost. */
import { cp, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { trainingEventSchema } from '../../shared/domain/training.js'
import {
  runForError,
  runForJson,
  runForText,
  runSemblance,
  startSemblance,
} from '../support/commandLine.js'
import { writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const anyObject = z.record(z.string(), z.unknown())

/** An indexed library of `count` shapes with a small model. */
async function prepareLibrary(count = 10) {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, count)
  const library = join(folder, 'library')
  const model = join(folder, 'model')
  await writeSmallModel(model)
  const inLibrary = ['--library', library]
  await runForText(['models', 'use', model, ...inLibrary])
  await runForText(['add', pictures, ...inLibrary])
  await runForText(['index', ...inLibrary])
  return { folder, pictures, library, model, inLibrary }
}

test.each([
  ['captions.csv', 'file,caption\nred circle.png,a red circle\nred square.png,"a red\n', 3],
  ['captions.csv', 'file,caption\nred circle.png,a,b,c\n', 2],
  ['captions.csv', 'picture,words\nred circle.png,a red circle\n', 1],
  ['captions.jsonl', '{"file":"red circle.png","caption":"a red circle"}\n{"file":\n', 2],
  ['captions.jsonl', '{"file":"red circle.png","caption":"a"}\n\n{"caption":"whose?"}\n', 3],
])(
  'a broken line in %s stops train before anything is trained (case %#)',
  {
    timeout: 60_000,
  },
  async (name, content, line) => {
    const folder = await temporaryFolder()
    const pictures = join(folder, 'pictures')
    await writeShapes(pictures, 6)
    const file = join(pictures, name)
    await writeFile(file, content)
    const out = join(folder, 'out')
    const error = await runForError(['train', pictures, '--out', out, '--arch', 'tiny'], 4)
    expect(error).toMatchObject({ code: 'CAPTION_FILE_INVALID', data: { path: file, line } })
    expect(error.message).toContain(`${file}, line ${line}: `)
    expect(await readdir(folder)).toEqual(['pictures'])
  },
)

test('a broken line is told to people too', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  await writeShapes(folder, 6)
  const file = join(folder, 'captions.jsonl')
  await writeFile(file, 'no json\n')
  const args = ['eval', folder, '--model', join(folder, 'model')]
  await writeSmallModel(join(folder, 'model'))
  const { exitCode, stdout, stderr } = await runSemblance([...args, '--library', join(folder, 'l')])
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
  expect(stderr).toMatch(`semblance: ${file}, line 1: `)
})

test('a broken line costs the library no picture, and is told', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 6)
  const file = join(pictures, 'captions.jsonl')
  await writeFile(file, '{"file":"red circle.png","caption":"a red circle"}\nno json\n')
  for (const json of [[], ['--json']]) {
    const args = ['add', pictures, '--library', join(folder, 'library'), ...json]
    const { exitCode, stdout, stderr } = await runSemblance(args)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(json.length > 0 ? /"photos":6/ : /^6 photos in the library/)
    expect(stderr).toMatch(`semblance: ${file}, line 2: `)
  }
})

const visionFile = join('onnx', 'vision_model.onnx')
const textFile = join('onnx', 'text_model.onnx')

test('a model with a missing file is refused by name', { timeout: 120_000 }, async () => {
  const { folder, model, inLibrary } = await prepareLibrary()
  const file = join(model, textFile)
  await rm(file)
  const pictures = join(folder, 'pictures')
  for (const args of [
    ['models', 'verify', model],
    ['models', 'use', model],
    ['search', 'red'],
    ['index'],
    ['eval', pictures, '--model', model],
    ['train', pictures, '--out', join(folder, 'out'), '--from', model],
  ]) {
    const error = await runForError([...args, ...inLibrary], 5)
    expect(error, args.join(' ')).toMatchObject({ code: 'MODEL_INVALID' })
    expect(error.message, args.join(' ')).toContain(textFile)
  }
  // What the model is not needed for still works.
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 10, toIndex: 0 })
})

test('a model with an altered byte is refused by name', { timeout: 180_000 }, async () => {
  const { folder, pictures, model, inLibrary } = await prepareLibrary()
  const undisturbed = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
  await writeShapes(pictures, 14)
  await runForText(['add', pictures, ...inLibrary])

  const refused = async (file: string, commands: readonly string[][]) => {
    for (const args of commands) {
      const error = await runForError([...args, ...inLibrary], 5)
      expect(error, args.join(' ')).toMatchObject({ code: 'MODEL_INVALID' })
      expect(error.message, args.join(' ')).toContain(join(model, file))
    }
  }
  const restoreVision = await alterByte(join(model, visionFile))
  await refused(visionFile, [
    ['models', 'verify'],
    ['index'],
    ['search', '--image', join(pictures, 'red circle.png')],
    ['eval', pictures, '--model', model],
    ['train', pictures, '--out', join(folder, 'out'), '--from', model],
  ])
  await restoreVision()
  const restoreText = await alterByte(join(model, textFile))
  await refused(textFile, [
    ['models', 'verify'],
    ['search', 'red'],
    ['embed', '--text', 'red'],
  ])
  await restoreText()

  // Nothing wrong was stored meanwhile.
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 14, toIndex: 4, failed: [] })
  const again = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
  expect(again.hits).toEqual(undisturbed.hits)
})

test('a damaged copy of a model takes nothing over', { timeout: 120_000 }, async () => {
  const { folder, model, inLibrary } = await prepareLibrary()
  const undisturbed = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
  const copy = join(folder, 'copy')
  await cp(model, copy, { recursive: true })
  const restore = await alterByte(join(copy, textFile))
  for (const args of [
    ['search', 'red', '--model', copy],
    ['index', '--model', copy],
    ['models', 'use', copy],
  ]) {
    const error = await runForError([...args, ...inLibrary], 5)
    expect(error, args.join(' ')).toMatchObject({ code: 'MODEL_INVALID' })
    expect(error.message, args.join(' ')).toContain(join(copy, textFile))
    const { models } = await runForJson(['models', 'list', ...inLibrary], anyObject)
    expect(models, args.join(' ')).toMatchObject([{ path: model, active: true }])
  }
  const again = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
  expect(again.hits).toEqual(undisturbed.hits)

  await restore()
  await rm(model, { recursive: true })
  const moved = await runForJson(['models', 'use', copy, ...inLibrary], anyObject)
  expect(moved).toMatchObject({ path: copy, indexed: 10 })
})

test('a damaged library is told, not repaired by losing it', { timeout: 120_000 }, async () => {
  const { library, inLibrary } = await prepareLibrary()
  const file = join(library, 'library.sqlite')
  const whole = await readFile(file)
  const noDatabase = Buffer.from(whole)
  noDatabase.fill('no database', 0, 100)
  const holes = Buffer.from(whole)
  holes.fill(0xaa, 4096, Math.floor(whole.length / 2))
  for (const damaged of [noDatabase, holes]) {
    await writeFile(file, damaged)
    const error = await runForError(['status', ...inLibrary], 6)
    expect(error).toMatchObject({ code: 'LIBRARY_CORRUPT', data: { path: file } })
    expect(error.message).toContain(file)
    // It may be mended from a backup or by other means: it is left as it was.
    expect(await readFile(file)).toEqual(damaged)
  }
  await writeFile(file, whole)
  const found = await runForJson(['search', 'red', ...inLibrary], searchResultSchema)
  expect(found.searched).toBe(10)
})

test('a second process is kept out and told by whom', { timeout: 120_000 }, async () => {
  const { library, pictures, inLibrary } = await prepareLibrary()
  await writeShapes(pictures, 60)
  const first = startSemblance(['add', pictures, '--json', ...inLibrary])
  await first.line((line) => line.includes('"progress"'))
  first.signal('SIGSTOP')
  const error = await runForError(['status', ...inLibrary], 6)
  expect(error).toMatchObject({ code: 'LIBRARY_LOCKED', data: { path: library, pid: first.pid } })
  expect(error.message).toContain(String(first.pid))
  first.signal('SIGCONT')
  expect(await first.finished).toMatchObject({ exitCode: 0 })
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status.photos).toBe(60)
})

test('two runs cannot train the same model', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 40)
  const out = join(folder, 'out')
  const args = ['train', pictures, '--out', out, '--arch', 'tiny', '--epochs', '16', '--batch', '8']
  const first = startSemblance([...args, '--json'])
  await first.line((line) => line.includes('"step"'))
  // Held still well before its last step, so that it cannot end before the second run has looked.
  first.signal('SIGSTOP')
  const error = await runForError(args, 2)
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(error.message).toContain('--resume')
  first.signal('SIGCONT')
  expect(await first.finished).toMatchObject({ exitCode: 0 })
  const refused = await runForError(args, 2)
  expect(refused.message).toContain('never overwritten')
  // With --resume a run that has finished is simply told again.
  const told = await runForJson([...args, '--resume'], trainingEventSchema)
  expect(told).toMatchObject({ type: 'finished', modelPath: out })
})

test('a library that cannot be made where it should be is told', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'file')
  await writeFile(file, '')
  const error = await runForError(['status', '--library', join(file, 'library')], 4)
  expect(error).toMatchObject({ code: 'FILE_UNREADABLE' })
  expect(error.message).toContain(file)
  await mkdir(join(folder, 'library', 'library.sqlite'), { recursive: true })
  const library = join(folder, 'library')
  const blocked = await runForError(['status', '--library', library], 4)
  expect(blocked.message).toContain(library)
})

test('a model that is not known is told', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  await writeSmallModel(join(folder, 'model'))
  const inLibrary = ['--library', join(folder, 'library')]
  await runForText(['models', 'use', join(folder, 'model'), ...inLibrary])
  const error = await runForError(['models', 'use', join(folder, 'nothing'), ...inLibrary], 3)
  expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' })
  expect(error.message).toContain(join(folder, 'nothing'))
  const { models } = await runForJson(['models', 'list', ...inLibrary], anyObject)
  expect(models).toMatchObject([{ name: 'small', active: true }])
})

/** Changes one byte in the middle of `file`, its size unchanged; returns how to change it back. */
async function alterByte(file: string): Promise<() => Promise<void>> {
  const flip = async () => {
    const handle = await open(file, 'r+')
    try {
      const at = Math.floor((await stat(file)).size / 2)
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at)
      await handle.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, at)
    } finally {
      await handle.close()
    }
  }
  await flip()
  return flip
}
