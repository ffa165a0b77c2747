/** Archives of people who mean harm, or whose disk did. */
import { existsSync } from 'node:fs'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { unpackZip } from '../../../../main/platform/archives/unpackZip.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'
import { writeZip } from '../../../support/zipFolder.js'

const signal = AbortSignal.any([])

async function archiveOf(fill: (zip: ZipFile) => void) {
  const folder = await temporaryFolder()
  const archive = join(folder, 'a.zip')
  const zip = new ZipFile()
  fill(zip)
  await writeZip(zip, archive)
  const target = join(folder, 'inside', 'target')
  return { folder, archive, target, unpack: () => unpackZip(archive, target, signal) }
}

test('files and folders come out as they went in', async () => {
  const { target, unpack } = await archiveOf((zip) => {
    zip.addBuffer(Buffer.from('one'), 'a/b/one.txt')
    zip.addEmptyDirectory('empty')
    zip.addBuffer(Buffer.from('two'), 'two.txt', { compress: false })
  })
  await unpack()
  expect(await readFile(join(target, 'a/b/one.txt'), 'utf8')).toBe('one')
  expect(await readFile(join(target, 'two.txt'), 'utf8')).toBe('two')
  expect(existsSync(join(target, 'empty'))).toBe(true)
})

/** Archives that no tool would write: names of the same length are put in afterwards. */
async function renamed(from: string, to: string) {
  const made = await archiveOf((zip) => zip.addBuffer(Buffer.from('harm'), from))
  const bytes = await readFile(made.archive)
  const text = bytes.toString('latin1').replaceAll(from, to)
  await writeFile(made.archive, Buffer.from(text, 'latin1'))
  return made
}

test.each([
  ['aa/aa/harm.txt', '../../harm.txt'],
  ['a/aa/harmm.txt', 'a/../../ha.txt'],
  ['aharm.txt', '/harm.txt'],
  ['aa/harm.txt', 'C:/harm.txt'],
  ['aa/harm.txt', '..\\harm.txt'],
])('%s called %s is refused, and nothing is written', async (from, to) => {
  const { folder, target, unpack } = await renamed(from, to)
  await expect(unpack()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' })
  for (const path of ['harm.txt', 'ha.txt', 'inside/harm.txt', 'inside/ha.txt']) {
    expect(existsSync(join(folder, path))).toBe(false)
  }
  expect(existsSync(join(target, 'harm.txt'))).toBe(false)
})

test('links are refused', async () => {
  const { unpack } = await archiveOf((zip) => {
    zip.addBuffer(Buffer.from('/etc'), 'link', { mode: 0o120777 })
    zip.addBuffer(Buffer.from('harm'), 'link/passwd')
  })
  await expect(unpack()).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
    message: expect.stringContaining('link'),
  })
})

test('what unpacks to far more than its size is refused before it is written', async () => {
  const { target, unpack } = await archiveOf((zip) => {
    for (let i = 0; i < 8; i++) zip.addBuffer(Buffer.alloc(10_000_000), `zeros ${i}`)
  })
  await expect(unpack()).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
    message: expect.stringContaining('far more than its size'),
  })
  expect(existsSync(join(target, 'zeros 0'))).toBe(false)
})

test('too many files, two of one name, and damage are refused', async () => {
  const many = await archiveOf((zip) => {
    for (let i = 0; i < 1_001; i++) zip.addBuffer(Buffer.from('x'), `${i}`)
  })
  const twice = await archiveOf((zip) => {
    zip.addBuffer(Buffer.from('a'), 'same')
    zip.addBuffer(Buffer.from('b'), 'same')
  })
  const cut = await archiveOf((zip) => zip.addBuffer(Buffer.from('a'), 'a'))
  await truncate(cut.archive, 40)
  const lies = await archiveOf((zip) =>
    zip.addBuffer(Buffer.from('abcdefgh'.repeat(1_000)), 'a', { compress: false }),
  )
  const bytes = await readFile(lies.archive)
  bytes[200]! ^= 1
  await writeFile(lies.archive, bytes)
  for (const { unpack } of [many, twice, cut]) {
    await expect(unpack()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' })
  }
  const missing = unpackZip(join(cut.folder, 'none.zip'), cut.target, signal)
  await expect(missing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
})
