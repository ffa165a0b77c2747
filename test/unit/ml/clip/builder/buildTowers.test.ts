/** The built towers run in onnxruntime for any batch and length, and mean what they should. */
import { describe, expect, it } from 'vitest'
import {
  type ArchitectureInput,
  architectureSchema,
} from '../../../../../main/ml/clip/architecture.js'
import { architectureNames, findArchitecture } from '../../../../../main/ml/clip/architectures.js'
import { buildTowers } from '../../../../../main/ml/clip/builder/buildTowers.js'
import type { Tower } from '../../../../../main/ml/clip/builder/towerBuilder.js'
import { writeModel } from '../../../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../../../main/ml/runtime/openSession.js'
import type { Tensors } from '../../../../../main/ml/runtime/session.js'

const base = {
  image: {
    kind: 'vit',
    imageSize: 16,
    patchSize: 4,
    stages: [
      { width: 8, layers: 1, heads: 2, mlpRatio: 2 },
      { width: 12, layers: 2, heads: 3, mlpRatio: 2 },
    ],
  },
  text: { vocabSize: 20, contextLength: 8, width: 8, layers: 2, heads: 2, mlpRatio: 2 },
  embeddingDim: 6,
} satisfies ArchitectureInput

const image = (change: object) => ({ ...base, image: { ...base.image, ...change } })
const text = (change: object) => ({ ...base, text: { ...base.text, ...change } })
const flat = { stages: [{ width: 8, layers: 2, heads: 2 }] }
const features = (featureDim: number[], head: object) => ({
  ...base,
  image: { kind: 'features', featureDim, head },
})
const transformer = { kind: 'transformer', width: 8, layers: 1, heads: 2 }
const variants: Record<string, unknown> = {
  'two stages': base,
  'one stage': image(flat),
  'class token': image({ ...flat, pooling: 'cls' }),
  'convolutional stem': image({ stem: 'conv', stemChannels: 4 }),
  'QuickGELU with biases': { ...base, block: { activation: 'quick-gelu' } },
  'ReLU without biases': { ...base, block: { activation: 'relu', linearBias: false } },
  'MLP projection': { ...base, projection: { kind: 'mlp', hidden: 10 } },
  'feature tokens': features([5, 7], transformer),
  'feature vectors': features([7], { kind: 'mlp', width: 8, hidden: 9 }),
  'feature tokens to MLP': features([5, 7], { kind: 'mlp', width: 8, hidden: 9 }),
  'both-way text': text({ causal: false }),
  'both-way text, mean': text({ causal: false, pooling: 'mean' }),
  'causal text, mean': text({ pooling: 'mean' }),
  'narrow frozen tokens': text({ tokenWidth: 5, tokenEmbedding: 'frozen' }),
}

async function run(tower: Tower, feeds: Tensors, optimization: 'all' | 'disabled' = 'all') {
  const options = { device: 'cpu', threads: 1, optimization } as const
  const session = await openSession(writeModel(tower.graph), options)
  const outputs = await session.run(feeds)
  await session.dispose()
  return outputs
}

function rows(output: Tensors[string] | undefined): number[][] {
  const width = output!.dims[1]!
  const values = Array.from(output!.data as Float32Array)
  return Array.from({ length: output!.dims[0]! }, (_, i) =>
    values.slice(i * width, (i + 1) * width),
  )
}

function tokens(sequences: number[][]): Tensors {
  const length = Math.max(...sequences.map((s) => s.length))
  const padded = sequences.flatMap((s) => [...s, ...Array<number>(length - s.length).fill(0)])
  const mask = sequences.flatMap((s) => Array.from({ length }, (_, i) => (i < s.length ? 1 : 0)))
  const dims = [sequences.length, length]
  return {
    input_ids: { type: 'int64', dims, data: BigInt64Array.from(padded.map(BigInt)) },
    attention_mask: { type: 'int64', dims, data: BigInt64Array.from(mask.map(BigInt)) },
  }
}

function randomInput(tower: Tower, batch: number): Tensors {
  const { name, shape } = tower.graph.inputs[0]!
  const dims = [batch, ...shape.slice(1).map(Number)]
  const length = dims.reduce((a, b) => a * b, 1)
  const data = Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + batch))
  return { [name]: { type: 'float32', dims, data } }
}

const sentences = [
  [17, 3, 4, 19],
  [17, 5, 19],
  [17, 6, 7, 8, 9, 10, 11, 19],
]

describe.each(Object.entries(variants))('%s', (_, variant) => {
  const architecture = architectureSchema.parse(variant)
  const towers = buildTowers(architecture, { seed: 1 })

  it('embeds pictures of any batch size, each for itself', async () => {
    const feeds = randomInput(towers.image, 3)
    const outputs = await run(towers.image, feeds)
    const [name, input] = Object.entries(feeds)[0]!
    expect(outputs.image_embeds!.dims).toEqual([3, 6])
    expect(outputs.pooler_output!.dims[0]).toBe(3)
    const size = input.data.length / 3
    const data = (input.data as Float32Array).slice(size, 2 * size)
    const dims = [1, ...input.dims.slice(1)]
    const alone = await run(towers.image, { [name]: { type: 'float32', dims, data } })
    const expected = rows(outputs.image_embeds)[1]!
    rows(alone.image_embeds)[0]!.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 5)
    })
  })

  it('embeds texts of any length, blind to padding', async () => {
    const together = rows((await run(towers.text, tokens(sentences))).text_embeds)
    for (const [i, sentence] of sentences.entries()) {
      const alone = rows((await run(towers.text, tokens([sentence]))).text_embeds)[0]!
      alone.forEach((v, j) => {
        expect(v).toBeCloseTo(together[i]![j]!, 5)
      })
    }
    expect(together[0]).not.toEqual(together[1])
  })

  it('gives the same with and without onnxruntime’s rewriting', async () => {
    for (const [tower, feeds] of [
      [towers.image, randomInput(towers.image, 2)],
      [towers.text, tokens(sentences)],
    ] as const) {
      const [plain, rewritten] = [await run(tower, feeds, 'disabled'), await run(tower, feeds)]
      rows(plain[tower.output])
        .flat()
        .forEach((v, i) => {
          expect(rows(rewritten[tower.output]).flat()[i]).toBeCloseTo(v, 4)
        })
    }
  })

  it('names only its own weights as trainable', () => {
    for (const tower of [towers.image, towers.text]) {
      for (const name of tower.trainable) expect(tower.graph.initializers.has(name)).toBe(true)
      for (const name of tower.noDecay) expect(tower.trainable).toContain(name)
      expect(tower.trainable.some((name) => name.includes('const/'))).toBe(false)
    }
  })
})

describe('built-in architectures', () => {
  const count = (tower: Tower) =>
    tower.trainable.reduce((sum, name) => sum + tower.graph.initializers.get(name)!.data.length, 0)

  it.each([
    ['tiny', 1.5e6, 2.5e6],
    ['small', 5.5e6, 7e6],
  ])('%s has its size', (name, least, most) => {
    const towers = buildTowers(findArchitecture(name)!, { seed: 1 })
    const parameters = count(towers.image) + count(towers.text)
    expect(parameters).toBeGreaterThan(least)
    expect(parameters).toBeLessThan(most)
  })

  it('are all valid', () => {
    for (const name of architectureNames) expect(findArchitecture(name)).toBeDefined()
    expect(findArchitecture('huge')).toBeUndefined()
  })

  it('gives the same weights for the same seed only', () => {
    const architecture = architectureSchema.parse(base)
    const weights = (seed: number) =>
      buildTowers(architecture, { seed }).image.graph.initializers.get('patch.weight')!.data
    expect(weights(1)).toEqual(weights(1))
    expect(weights(1)).not.toEqual(weights(2))
  })

  it('takes given word vectors, and refuses those of another size', () => {
    const architecture = architectureSchema.parse(text({ tokenWidth: 5, tokenEmbedding: 'frozen' }))
    const vectors = Float32Array.from({ length: 100 }, (_, i) => i)
    const { text: tower } = buildTowers(architecture, { seed: 1, tokenEmbedding: vectors })
    expect(tower.graph.initializers.get('token_embedding')!.data).toEqual(vectors)
    expect(tower.trainable).not.toContain('token_embedding')
    const wrong = { seed: 1, tokenEmbedding: new Float32Array(99) }
    expect(() => buildTowers(architecture, wrong)).toThrow('20 x 5')
  })
})
