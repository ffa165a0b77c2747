/** Unreadable and hostile pictures stop nothing, and are named with a reason. */
import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { libraryStatusSchema } from '../../shared/domain/library.js'
import { searchResultSchema } from '../../shared/domain/search.js'
import { trainingEventSchema } from '../../shared/domain/training.js'
import {
  jsonLines,
  runForError,
  runForJson,
  runForText,
  runSemblance,
} from '../support/commandLine.js'
import {
  oddNames,
  svgReferring,
  unreadableNames,
  writeHostilePictures,
} from '../support/hostilePictures.js'
import { shapeSvg, writeShapes } from '../support/pictureFolder.js'
import { writeSmallModel } from '../support/smallModel.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const anyObject = z.record(z.string(), z.unknown())
const goodShapes = 12
/** Shapes, the odd names, and the one in the folder that is called like a picture. */
const goodPictures = goodShapes + oddNames.length + 1

/** A folder with good and hostile pictures, and a library that uses a small model. */
async function prepare() {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeHostilePictures(pictures)
  await writeShapes(pictures, goodShapes)
  const library = join(folder, 'library')
  const model = join(folder, 'model')
  await writeSmallModel(model)
  await runForText(['models', 'use', model, '--library', library])
  return { folder, pictures, model, inLibrary: ['--library', library] }
}

test('add and index take the good ones and name the others', { timeout: 240_000 }, async () => {
  const { pictures, inLibrary } = await prepare()
  const added = await runForJson(['add', pictures, ...inLibrary], anyObject)
  expect(added).toMatchObject({ added: expect.any(Number) })
  const indexed = await runForJson(['index', ...inLibrary], anyObject)
  expect(indexed).toMatchObject({ indexed: goodPictures, total: goodPictures })

  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status.failed.map(({ path }) => basename(path)).sort()).toEqual(
    [...unreadableNames].sort(),
  )
  for (const { path, reason } of status.failed) {
    expect(reason, path).toMatch(/[a-z]{3}/)
    expect(reason, `the path is told once: ${reason}`).not.toContain(path)
  }
  expect(status.toIndex).toBe(0)

  // Nothing is tried again while neither the file nor the decoder has changed.
  expect(await runForJson(['index', ...inLibrary], anyObject)).toMatchObject({
    indexed: 0,
    failed: 0,
  })
  const found = await runForJson(
    ['search', 'red', '--limit', '99', ...inLibrary],
    searchResultSchema,
  )
  const names = found.hits.map(({ path }) => basename(path))
  expect(names).toHaveLength(goodPictures)
  for (const name of oddNames) expect(names).toContain(name)

  for (const command of [['search', 'red', '--limit', '99'], ['status']]) {
    const shown = await runForText([...command, ...inLibrary])
    expect(shown, 'no control characters reach the terminal').not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/,
    )
  }
})

test('a picture to look for that cannot be read is named', { timeout: 120_000 }, async () => {
  const { pictures, inLibrary } = await prepare()
  for (const name of [
    'no bytes.jpg',
    'only text.jpg',
    'cut off.jpg',
    'huge bomb.png',
    'pipe.jpg',
  ]) {
    const path = join(pictures, name)
    for (const command of ['search', 'embed']) {
      const error = await runForError([command, '--image', path, ...inLibrary], 4)
      expect(error, `${command} ${name}`).toMatchObject({
        code: 'IMAGE_UNREADABLE',
        data: { path },
      })
      expect(error.message).toContain(path)
    }
  }
})

test('train takes the good ones and names the others', { timeout: 240_000 }, async () => {
  const { folder, pictures } = await prepare()
  const out = join(folder, 'trained')
  const options = ['--arch', 'tiny', '--epochs', '1', '--batch', '8', '--json']
  const trained = await runSemblance(['train', pictures, '--out', out, ...options])
  expect(trained).toMatchObject({ exitCode: 0 })
  const events = jsonLines(trained.stdout).map((line) => trainingEventSchema.parse(line))
  const told = events
    .flatMap((event) => {
      if (event.type === 'notice') return [event.message]
      return event.type === 'started' ? event.skipped.map(({ path }) => path) : []
    })
    .join('\n')
  for (const name of unreadableNames) expect(told).toContain(name)
  expect(events.at(-1)).toMatchObject({ type: 'finished', modelPath: out })
})

test('a file that is repaired is read again', { timeout: 120_000 }, async () => {
  const { folder, inLibrary } = await prepare()
  const pictures = join(folder, 'few')
  const [good] = await writeShapes(pictures, 1)
  const broken = join(pictures, 'broken.svg')
  await writeFile(broken, 'not yet a picture')
  await runForText(['add', pictures, ...inLibrary])
  expect(await runForJson(['index', ...inLibrary], anyObject)).toMatchObject({ failed: 1 })
  await writeFile(broken, shapeSvg('blue', 'star'))
  await runForText(['add', pictures, ...inLibrary])
  expect(await runForJson(['index', ...inLibrary], anyObject)).toMatchObject({
    indexed: 1,
    failed: 0,
    total: 2,
  })
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 2, failed: [] })
  expect(good).toBeDefined()
})

test('an SVG fetches nothing, neither from the network nor from the disk', {
  timeout: 120_000,
}, async () => {
  const { folder, inLibrary } = await prepare()
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.end(shapeSvg('blue', 'star'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const secret = join(folder, 'secret.svg')
  await writeFile(secret, shapeSvg('blue', 'star'))
  const { port } = server.address() as AddressInfo
  const embed = async (href: string | null) => {
    const file = join(folder, 'referring.svg')
    await writeFile(file, svgReferring(href))
    return (await runForJson(['embed', '--image', file, ...inLibrary], anyObject)).embedding
  }
  const plain = await embed(null)
  for (const href of [
    `http://127.0.0.1:${port}/secret.svg`,
    pathToFileURL(secret).href,
    'secret.svg',
    secret,
  ]) {
    expect(await embed(href), href).toEqual(plain)
  }
  expect(requests).toEqual([])
})

test('a folder that cannot be used is an error that names it', { timeout: 120_000 }, async () => {
  const { folder, inLibrary } = await prepare()
  const empty = join(folder, 'empty')
  await mkdir(empty)
  const missing = join(folder, 'missing')
  const file = join(folder, 'file.txt')
  await writeFile(file, 'no folder')
  for (const [path, code, exitCode] of [
    [empty, 'NO_PICTURES', 4],
    [missing, 'FILE_NOT_FOUND', 3],
    [file, 'INVALID_ARGUMENT', 2],
  ] as const) {
    const error = await runForError(['add', path, ...inLibrary], exitCode)
    expect(error).toMatchObject({ code, message: expect.stringContaining(path) })
  }
  for (const [path, code, exitCode] of [
    [empty, 'NO_PICTURES', 4],
    [missing, 'FILE_NOT_FOUND', 3],
  ] as const) {
    const out = join(folder, 'out')
    const error = await runForError(['train', path, '--out', out, '--arch', 'tiny'], exitCode)
    expect(error).toMatchObject({ code, message: expect.stringContaining(path) })
    expect(await readdir(folder)).not.toContain('out')
    expect(await readdir(folder)).not.toContain('out.training')
  }
  // The library is as good as before, and says so before anything is in it.
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema)
  expect(status).toMatchObject({ photos: 0, failed: [] })
  const error = await runForError(['index', ...inLibrary], 3)
  expect(error).toMatchObject({ code: 'LIBRARY_EMPTY' })
  expect(await runForError(['search', 'cat', ...inLibrary], 3)).toMatchObject({
    code: 'LIBRARY_EMPTY',
  })
})

const isRoot = process.getuid?.() === 0
/** Root may read everything, so it hands the command to somebody else. */
const nobody = 65_534

test('what may not be read is named, and the rest is taken', { timeout: 120_000 }, async ({
  skip,
}) => {
  const user = isRoot ? { user: nobody } : {}
  const able = await runSemblance(['--help'], user).catch(() => null)
  if (able?.exitCode !== 0) return skip('this checkout is closed to other users')
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  await writeShapes(pictures, 6)
  await writeShapes(join(pictures, 'closed'), 3)
  const closed = [join(pictures, 'red circle.png'), join(pictures, 'closed')]
  for (const path of closed) await chmod(path, 0)
  onTestFinished(() => chmod(join(pictures, 'closed'), 0o700))
  await writeSmallModel(join(folder, 'model'))
  if (isRoot) await chown(folder, nobody, nobody)
  const inLibrary = ['--library', join(folder, 'library')]
  await runForText(['models', 'use', join(folder, 'model'), ...inLibrary], user)
  await runForText(['add', pictures, ...inLibrary], user)
  await runForText(['index', ...inLibrary], user)
  const status = await runForJson(['status', ...inLibrary], libraryStatusSchema, user)
  expect(status.photos).toBe(5)
  expect(status.failed.sort((a, b) => a.path.localeCompare(b.path))).toEqual(
    closed
      .map((path) => ({ path, reason: 'permission denied' }))
      .sort((a, b) => a.path.localeCompare(b.path)),
  )
})
