import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nameCopiesAlike } from '../../../main/library/captions/nameCopiesAlike.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-copies-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('gives copies the path of the first, and nothing else another path', async () => {
  const contents = { a: 'cat', b: 'dog', c: 'cat', d: 'mouse', e: '', f: '' }
  const pairs = []
  for (const [name, content] of Object.entries(contents)) {
    const image = join(folder, name)
    await writeFile(image, content)
    pairs.push({ image, captions: [`words of ${name}`], label: name })
  }
  pairs.push({ image: join(folder, 'missing'), captions: ['gone'], label: 'none' })
  const named = await nameCopiesAlike(pairs)
  expect(named.map((pair) => pair.label)).toEqual(pairs.map((pair) => pair.label))
  const expected = ['a', 'b', 'a', 'd', 'e', 'f', 'missing'].map((name) => join(folder, name))
  expect(named.map((pair) => pair.image)).toEqual(expected)
})

it('leaves what cannot be read to those who report it', async () => {
  const pairs = ['a', 'b'].map((name) => ({ image: join(folder, name), captions: [name] }))
  // Folders have sizes, but no bytes.
  for (const { image } of pairs) await mkdir(image)
  expect(await nameCopiesAlike(pairs)).toEqual(pairs)
})

it('stops when aborted', async () => {
  const pairs = ['a', 'b'].map((name) => ({ image: join(folder, name), captions: [name] }))
  for (const { image } of pairs) await writeFile(image, 'same')
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(nameCopiesAlike(pairs, signal)).rejects.toThrow('stopped')
})
