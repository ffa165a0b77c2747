/** Pictures of real folders with their words, and caption files that are broken. */
import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readTrainingPairs } from '../../../main/library/captions/readTrainingPairs.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

/** A folder with "red circle.png", "red square.png", "red triangle.png" and these files. */
async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await temporaryFolder()
  await writeShapes(folder, 3)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

const wordsByFile = async (folder: string) => {
  const { pairs } = await readTrainingPairs(folder)
  return Object.fromEntries(pairs.map((pair) => [basename(pair.image), pair.captions]))
}

test('without any caption file the names speak', async () => {
  const folder = await folderWith({ 'notes.txt': 'nothing to do with a picture' })
  expect(await readTrainingPairs(folder)).toEqual({
    pairs: ['red circle', 'red square', 'red triangle'].map((name) => ({
      image: join(folder, `${name}.png`),
      captions: [name],
    })),
    skipped: [],
    sources: { 'caption file': 0, 'text file': 0, names: 3 },
  })
})

test('a text file beside a picture gives a caption a line', async () => {
  const folder = await folderWith({
    'red circle.txt': '\u{feff}a  ball \r\n\r\na round thing\na ball\n',
    'red square.png.txt': 'a box',
    'red triangle.txt': '\n \n',
  })
  expect(await wordsByFile(folder)).toEqual({
    'red circle.png': ['a ball', 'a round thing'],
    'red square.png': ['a box'],
    'red triangle.png': ['red triangle'],
  })
})

test('captions.csv: quotes, several rows and several captions of one picture, labels', async () => {
  const csv = [
    '\u{feff}File,caption,captions,label',
    '"red circle.png","a ball, ""red""",,toys',
    'red circle.png,,one|two,',
    '',
    './red square.png,"over',
    'two lines",,',
    'red triangle.png,,,',
    'gone.png,who knows,,',
  ].join('\r\n')
  const folder = await folderWith({ 'captions.csv': csv })
  const { pairs, skipped, sources } = await readTrainingPairs(folder)
  expect(pairs.map(({ captions, label }) => ({ captions, label }))).toEqual([
    { captions: ['a ball, "red"', 'one', 'two'], label: 'toys' },
    { captions: ['over two lines'], label: undefined },
    { captions: ['red triangle'], label: undefined },
  ])
  expect(sources).toEqual({ 'caption file': 2, 'text file': 0, names: 1 })
  expect(skipped).toEqual([
    { path: join(folder, 'gone.png'), reason: expect.stringMatching(/captions\.csv, line 8/) },
  ])
})

test('captions.csv with semicolons, as spreadsheets write it', async () => {
  const folder = await folderWith({ 'captions.csv': 'file;caption\nred circle.png;a ball, red\n' })
  expect((await wordsByFile(folder))['red circle.png']).toEqual(['a ball, red'])
})

test('captions.jsonl, also with absolute paths and other Unicode forms of a name', async () => {
  const folder = await folderWith({})
  await writeShapes(join(folder, 'caf\u{e9}'), 1)
  const lines = [
    { file: join(folder, 'red circle.png'), caption: 'a ball', label: 3 },
    { file: 'cafe\u{301}\\red circle.png', captions: ['a cup', 'a mug'] },
  ]
  await writeFile(
    join(folder, 'captions.jsonl'),
    `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n`,
  )
  const { pairs, skipped } = await readTrainingPairs(folder)
  expect(skipped).toEqual([])
  expect(pairs.map((pair) => pair.captions)).toContainEqual(['a cup', 'a mug'])
  expect(pairs.find((pair) => pair.label === '3')?.captions).toEqual(['a ball'])
})

test('labels from the caption file or from folders, which serve as words where there are none', async () => {
  const folder = await temporaryFolder()
  const [picture] = await writeShapes(join(folder, 'pets', 'dogs'), 1)
  for (const name of ['IMG_0001.png', 'IMG_0002.png']) await symlink(picture!, join(folder, name))
  await writeFile(join(folder, 'captions.csv'), 'file,label\nIMG_0001.png,cat\n')
  const read = async (labels: 'column' | 'folders') =>
    (await readTrainingPairs(folder, { labels })).pairs.map(({ captions, label }) => [
      captions.at(-1),
      label,
    ])
  const named = expect.stringContaining('dogs')
  expect(await read('column')).toEqual([
    ['cat', 'cat'],
    [named, undefined],
  ])
  expect(await read('folders')).toEqual([
    ['cat', 'cat'],
    [named, 'pets/dogs'],
  ])
})

test.each([
  ['captions.csv', 'file,caption\nred circle.png,a,b\n', 2, /column|length/i],
  ['captions.csv', 'file,caption\nred circle.png,a\nred square.png,"a\n', 3, /quot/i],
  ['captions.csv', 'picture,words\nred circle.png,a\n', 1, /columns file and caption/],
  ['captions.csv', 'file,caption\n,a\n', 2, /file.*empty/],
  ['captions.csv', 'file,caption\na.png,x\n../secret.png,a\n', 3, /out of the folder/],
  ['captions.csv', Buffer.from('file,caption\nred circle.png,caf\xe9\n', 'latin1'), 2, /UTF-8/],
  ['captions.jsonl', '{"file":"a.png","caption":"x"}\n{"file":"a.png",\n', 2, /JSON/],
  ['captions.jsonl', '{"file":"a.png"}\n', 1, /"captions" or "label" is missing/],
  ['captions.jsonl', '\n\n{"file":"a.png","caption":7}\n', 3, /caption/],
  ['captions.jsonl', '{"file":"/etc/passwd","caption":"x"}\n', 1, /out of the folder/],
  ['captions.jsonl', '{"file":"a/../../b.png","caption":"x"}\n', 1, /out of the folder/],
  ['captions.jsonl', '{"file":"a\\u0000.png","caption":"x"}\n', 1, /out of the folder/],
  ['red circle.txt', Buffer.from('fine\ncaf\xe9\n', 'latin1'), 2, /UTF-8/],
  ['red circle.txt', 'x'.repeat(300_000), 1, /too long/],
])('%s that is broken is told by its line (%#)', async (name, content, line, reason) => {
  const folder = await folderWith({ [name]: content })
  const path = join(folder, name)
  await expect(readTrainingPairs(folder)).rejects.toMatchObject({
    code: 'CAPTION_FILE_INVALID',
    data: { path, line, reason: expect.stringMatching(reason) },
  })
})

test('pictures without words are told; if none has any, that is an error', async () => {
  const folder = await temporaryFolder()
  const [picture] = await writeShapes(join(folder, 'drawn'), 1)
  await symlink(picture!, join(folder, 'IMG_0001.png'))
  const { pairs, skipped } = await readTrainingPairs(folder)
  expect(pairs).toHaveLength(1)
  expect(skipped).toMatchObject([{ path: join(folder, 'IMG_0001.png') }])
  const silent = await temporaryFolder()
  await symlink(picture!, join(silent, 'IMG_0001.png'))
  const noCaptions = { code: 'NO_CAPTIONS' }
  await expect(readTrainingPairs(silent)).rejects.toMatchObject(noCaptions)
  await expect(readTrainingPairs(silent, { words: 'some' })).rejects.toMatchObject(noCaptions)
  expect((await readTrainingPairs(silent, { words: 'none' })).pairs).toHaveLength(1)
  expect((await readTrainingPairs(folder, { words: 'some' })).skipped).toEqual([])
})

test('a folder without pictures, and one that is not there, are told apart', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'empty'))
  await expect(readTrainingPairs(folder)).rejects.toMatchObject({
    code: 'NO_PICTURES',
    data: { path: folder },
  })
  const nowhere = join(folder, 'nowhere')
  await expect(readTrainingPairs(nowhere)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    data: { path: nowhere },
  })
})

test('reading can be stopped', async () => {
  const folder = await folderWith({})
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(readTrainingPairs(folder, { signal })).rejects.toThrow('stopped')
})

test.skipIf(process.platform === 'win32')('pipes are not waited for', async () => {
  const folderWithPipe = async (name: string) => {
    const folder = await folderWith({})
    await promisify(execFile)('mkfifo', [join(folder, name)])
    return folder
  }
  const words = await wordsByFile(await folderWithPipe('red circle.txt'))
  expect(words['red circle.png']).toEqual(['red circle'])
  for (const name of ['captions.csv', 'captions.jsonl']) {
    const reading = readTrainingPairs(await folderWithPipe(name))
    await expect(reading).rejects.toMatchObject({ code: 'CAPTION_FILE_INVALID' })
  }
})

test('a picture whose name leaves no room for another ending has its own words', async () => {
  const folder = await folderWith({})
  const name = `${'long '.repeat(50)}x.png`
  await writeFile(join(folder, name), '')
  expect((await wordsByFile(folder))[name]).toEqual([`${'long '.repeat(50)}x`])
})

test('very many lines may name pictures that are not there', async () => {
  const lines = Array.from({ length: 150_000 }, (_, i) => `{"file":"${i}.png","caption":"x"}`)
  const folder = await folderWith({ 'captions.jsonl': lines.join('\n') })
  expect((await readTrainingPairs(folder)).skipped).toHaveLength(150_000)
})
