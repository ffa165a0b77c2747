import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from '../../../../models/recipe/fetch/fetchSource.js'
import { type Source, sources } from '../../../../models/recipe/fetch/sources.js'

describe('verify', () => {
  const content = Buffer.from('an archive')
  const about = { name: 'thing', version: '1.0.0', use: 'a test', licence: 'MIT' }
  let folder: string
  let archive: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-fetch-'))
    archive = join(folder, 'thing.tgz')
    await writeFile(archive, content)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const npm = (bytes: Buffer): Source => ({
    ...about,
    kind: 'npm',
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  })
  const debian = (bytes: Buffer): Source => ({
    ...about,
    kind: 'debian',
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })

  it.each([npm, debian])('takes the archive that the list names', async (source) => {
    await expect(verify(source(content), archive)).resolves.toBeUndefined()
  })

  it.each([npm, debian])('refuses another one, naming the package', async (source) => {
    await expect(verify(source(Buffer.from('another')), archive)).rejects.toMatchObject({
      code: 'SOURCE_ALTERED',
      data: { name: 'thing' },
    })
  })
})

describe('sources', () => {
  it('names each package once, with an exact version and a whole checksum', () => {
    expect(new Set(sources.map(({ name }) => name)).size).toBe(sources.length)
    for (const source of sources) {
      expect(source.version).toMatch(/^[\d:.+~a-z-]+$/)
      if (source.kind === 'npm') expect(source.integrity).toMatch(/^sha512-[\w+/]{86}==$/)
      else expect(source.sha256).toMatch(/^[0-9a-f]{64}$/)
    }
  })
})
