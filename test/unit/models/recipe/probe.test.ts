import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeContactSheet } from '../../../../models/recipe/evaluation/contactSheet.js'
import { probePhotographs } from '../../../../models/recipe/probe/photographs.js'
import { readQtResources } from '../../../../models/recipe/probe/qtResources.js'

/** A resource file of one folder with two files, the second one deflated, as Qt 5 writes it. */
function resourceFile(first: Buffer, second: Buffer): Buffer {
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntBE(value, 0, bytes)
    return buffer
  }
  const name = (text: string) =>
    Buffer.concat([number(text.length, 2), number(0, 4), Buffer.from(text, 'utf16le').swap16()])
  const names = [name('bilder'), name('a.webp'), name('ä.svg')]
  const deflated = Buffer.concat([number(second.length, 4), deflateSync(second)])
  const data = [first, deflated].map((part) => Buffer.concat([number(part.length, 4), part]))
  const folder = (nameAt: number, count: number, child: number) =>
    Buffer.concat([number(nameAt, 4), number(2, 2), number(count, 4), number(child, 4)])
  const file = (nameAt: number, flags: number, dataAt: number) =>
    Buffer.concat([number(nameAt, 4), number(flags, 2), number(0, 4), number(dataAt, 4)])
  const [one, two] = [names[0]!.length, names[0]!.length + names[1]!.length]
  const tree = Buffer.concat([
    folder(0, 1, 1),
    folder(0, 2, 2),
    file(one, 0, 0),
    file(two, 1, data[0]!.length),
  ])
  const start = 20
  const dataAt = start + tree.length
  const namesAt = dataAt + data[0]!.length + data[1]!.length
  const offsets = [1, start, dataAt, namesAt].map((value) => number(value, 4))
  return Buffer.concat([Buffer.from('qres'), ...offsets, tree, ...data, ...names])
}

describe('readQtResources', () => {
  it('gives every file by its path, inflated', () => {
    const second = Buffer.from('<svg/>'.repeat(20))
    const files = readQtResources(resourceFile(Buffer.from('pixels'), second), 'x.rcc')
    expect([...files.keys()]).toEqual(['bilder/a.webp', 'bilder/ä.svg'])
    expect(files.get('bilder/a.webp')!.toString()).toBe('pixels')
    expect(files.get('bilder/ä.svg')!.equals(second)).toBe(true)
  })

  it('refuses another file by name', () => {
    expect(() => readQtResources(Buffer.from('no resources are in here'), '/photos/x.rcc')).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    )
  })
})

describe('the probe photographs', () => {
  it('are at least a hundred, each once, with a caption as a person would type it', () => {
    expect(probePhotographs.length).toBeGreaterThanOrEqual(100)
    expect(new Set(probePhotographs.map(({ file }) => file)).size).toBe(probePhotographs.length)
    for (const { caption } of probePhotographs) expect(caption).toMatch(/^[a-z ]{8,80}$/)
  })
})

describe('writeContactSheet', () => {
  it('shows each answer beside its question and lets no name become markup', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-sheet-'))
    const path = join(folder, 'sheet.html')
    const picture = {
      id: 'photographs/x',
      collection: 'photographs' as const,
      image: { path: '/photos/a b.jpg' },
      concept: 'x',
      name: '<b>',
      aliases: [],
      keywords: [],
      kinds: [],
    }
    const hits = [{ number: 0, name: '<b>', score: 0.5 }]
    await writeContactSheet(path, [{ query: 'a "b"', hits }], [picture])
    const page = await readFile(path, 'utf8')
    expect(page).toContain('src="file:///photos/a%20b.jpg"')
    expect(page).toContain('<th>a &#34;b&#34;</th>')
    expect(page).toContain('&#60;b&#62; 0.50')
    await rm(folder, { recursive: true })
  })
})
