/** Architectures from files: read, or refused by a sentence that names the file and the place. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadArchitecture } from '../../../../../main/ml/clip/architectures.js'

const valid = {
  image: { kind: 'vit', imageSize: 16, patchSize: 4, stages: [{ width: 8, layers: 1, heads: 2 }] },
  text: { vocabSize: 20, contextLength: 8, width: 8, layers: 1, heads: 2 },
  embeddingDim: 6,
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'architectures-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(content: string) {
  const path = join(folder, 'architecture.json')
  await writeFile(path, content)
  return loadArchitecture(path)
}

describe('loadArchitecture', () => {
  it('knows the built-in ones by name', async () => {
    expect((await loadArchitecture('small')).embeddingDim).toBe(256)
  })

  it('fills in what a file leaves out', async () => {
    const architecture = await load(JSON.stringify(valid))
    expect(architecture.text.causal).toBe(true)
    expect(architecture.projection).toEqual({ kind: 'linear' })
    expect(Math.exp(architecture.logitScaleInit)).toBeCloseTo(1 / 0.07, 9)
  })

  const image = (change: object) => ({ ...valid, image: { ...valid.image, ...change } })
  const two = [valid.image.stages[0], valid.image.stages[0]]
  it.each([
    ['text.width', { ...valid, text: { ...valid.text, width: -1 } }],
    ['multiple of text heads', { ...valid, text: { ...valid.text, heads: 3 } }],
    ['imageSize must be', image({ imageSize: 18 })],
    ['imageSize must be', image({ imageSize: 12, stages: two })],
    ['single stage', image({ stages: two, pooling: 'cls' })],
    ['multiple of 4', image({ stem: 'conv', patchSize: 2 })],
  ])('refuses a wrong one: %s', async (problem, content) => {
    await expect(load(JSON.stringify(content))).rejects.toThrow(problem)
    await expect(load(JSON.stringify(content))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('names a file that is missing or not JSON', async () => {
    const missing = join(folder, 'missing.json')
    await expect(loadArchitecture(missing)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: missing },
    })
    await expect(load('{')).rejects.toThrow('architecture.json')
  })
})
