import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openImageEncoder, openTextEncoder } from '../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../main/ml/clip/preprocess.js'
import { describeHeldOut } from '../../../models/recipe/evaluation/describeHeldOut.js'
import { freeQueries } from '../../../models/recipe/evaluation/freeText.js'
import { starterFolder } from '../../../models/recipe/folders.js'

const sizeLimitBytes = 24 * 1024 * 1024
/** Icons of a package that every checkout has, and what each shows. */
const icons = [
  ['automobile', 'a car'],
  ['banana', 'a banana'],
  ['dolphin', 'a dolphin'],
  ['guitar', 'a guitar'],
  ['snowman', 'a snowman'],
] as const

describe('the starter', () => {
  let images: Awaited<ReturnType<typeof openImageEncoder>>
  let texts: Awaited<ReturnType<typeof openTextEncoder>>

  beforeAll(async () => {
    const model = await openModelDirectory(starterFolder, { verify: 'full' })
    images = await openImageEncoder(model, { device: 'cpu', threads: 1 })
    texts = await openTextEncoder(model, { device: 'cpu', threads: 1 })
  })
  afterAll(async () => {
    await images.dispose()
    await texts.dispose()
  })

  it('takes at most 24 MB on disk and tells where it comes from', async () => {
    const names = await readdir(starterFolder, { recursive: true })
    const stats = await Promise.all(names.map((name) => stat(join(starterFolder, name))))
    const size = stats.filter((s) => s.isFile()).reduce((sum, s) => sum + s.size, 0)
    expect(size).toBeLessThanOrEqual(sizeLimitBytes)
    expect(existsSync(join(starterFolder, 'README.md'))).toBe(true)
  })

  it('tells in its card what its training counted', async () => {
    const model = await openModelDirectory(starterFolder)
    const report = model.manifest!.trainingReport as Record<string, unknown>
    const card = await readFile(join(starterFolder, 'README.md'), 'utf8')
    const manifest = String(report.splitManifest)
    const icons = report.renamedIconsLeftOut as string[]
    const told = describeHeldOut(report, manifest)!
    expect(told).not.toContain('NOTE')
    expect(card).toContain(manifest)
    for (const key of ['pictures', 'captions', 'heldOutConceptsByOtherHands']) {
      expect(told, key).toContain(String(report[key]))
      expect(card, key).toContain(Number(report[key]).toLocaleString('en'))
    }
    expect(told).toContain(`${report.nearDuplicatesLeftOut} pictures whose pixels`)
    expect(card).toContain(`**Near-duplicates**: ${report.nearDuplicatesLeftOut} training pictures`)
    expect(told).toContain(`${icons.length} icons that draw`)
    expect(describeHeldOut(report, 'another')).toContain('trained on another split')
    expect(describeHeldOut(null, manifest)).toBeNull()
    for (const query of freeQueries) expect(card).toContain(`| ${query} | `)
  })

  it('finds each of five pictures first by its words', async () => {
    const pixels = await Promise.all(
      icons.map(async ([name]) => loadPixelValues(await readIcon(name), images.preprocess)),
    )
    const joined = new Float32Array(pixels.flatMap((values) => [...values]))
    const { embeddings, pooled } = await images.encode(joined, icons.length)
    expect(pooled).toHaveLength(icons.length * images.pooledDim!)
    const asked = await texts.encode(icons.map(([, words]) => words))
    const { dim } = images
    const row = (rows: Float32Array, i: number) => rows.subarray(i * dim, (i + 1) * dim)
    for (const [i, [, words]] of icons.entries()) {
      const scores = icons.map((_, j) => dot(row(asked, i), row(embeddings, j)))
      expect(scores.indexOf(Math.max(...scores)), words).toBe(i)
    }
  })
})

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

async function readIcon(name: string): Promise<Uint8Array> {
  const path = createRequire(import.meta.url).resolve('@iconify-json/fluent-emoji/icons.json')
  const { icons: all } = JSON.parse(await readFile(path, 'utf8')) as {
    icons: Record<string, { body: string }>
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${all[name]!.body}</svg>`
  return Buffer.from(svg)
}
