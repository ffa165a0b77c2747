/** What crosses from a forward pass to a backward one that is run later. */
import { describe, expect, it } from 'vitest'
import { architectureSchema } from '../../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../../main/ml/clip/builder/buildTowers.js'
import { createActivationStore } from '../../../../main/ml/training/step/activationStore.js'
import { buildHalves } from '../../../../main/ml/training/step/stepGraphs.js'

const architecture = architectureSchema.parse({
  image: { kind: 'features', featureDim: [4, 6], head: { kind: 'mlp', width: 6, hidden: 8 } },
  text: { vocabSize: 12, contextLength: 8, width: 8, layers: 2, heads: 2, mlpRatio: 2 },
  block: { activation: 'quick-gelu' },
  embeddingDim: 6,
})

function halvesOfTexts() {
  const tower = buildTowers(architecture, { seed: 1 }).text
  const part = { ...tower, prefix: '' }
  return buildHalves(part, { input_ids: [3, 5], attention_mask: [3, 5] })!
}

describe('a gradient graph that is cut in two', () => {
  it('has no product in its second half that the first has made', () => {
    const { forward, backward } = halvesOfTexts()
    const made = new Set(forward.nodes.flatMap(({ outputs }) => outputs))
    const again = backward.nodes.filter(({ outputs }) => outputs.some((name) => made.has(name)))
    expect(again.length).toBeGreaterThan(0)
    for (const { opType } of again) expect(opType).not.toMatch(/MatMul|Gemm|Softmax|Normalization/)
  })

  it('keeps the input of a GELU and makes the rest of it again', () => {
    const { forward, backward, kept } = halvesOfTexts()
    const names = kept.map(({ name }) => name)
    const sigmoids = forward.nodes.filter(({ opType }) => opType === 'Sigmoid')
    expect(sigmoids).toHaveLength(2)
    for (const { outputs } of sigmoids) expect(names).not.toContain(outputs[0])
    expect(backward.nodes.filter(({ opType }) => opType === 'Sigmoid')).toHaveLength(2)
    expect(backward.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  })
})

describe('memory for kept values', () => {
  const values = [
    { name: 'a', dims: [2, 3] },
    { name: 'b', dims: [4] },
  ]

  it('is given as long as there is room, and again after a reset', () => {
    const store = createActivationStore(100)
    const first = store.take(values)!
    expect(first.a!.data).toHaveLength(6)
    expect(first.b!.dims).toEqual([4])
    expect(store.take(values)!.a!.data.buffer).not.toBe(first.a!.data.buffer)
    expect(store.take(values)).toBeNull()
    store.reset()
    expect(store.take(values)!.a!.data.buffer).toBe(first.a!.data.buffer)
  })

  it('grows where a later batch needs more, within its limit', () => {
    const store = createActivationStore(100)
    store.take([{ name: 'a', dims: [2] }])
    store.reset()
    expect(store.take([{ name: 'a', dims: [25] }])!.a!.data).toHaveLength(25)
    expect(store.take([{ name: 'b', dims: [1] }])).toBeNull()
    store.reset()
    expect(store.take([{ name: 'a', dims: [26] }])).toBeNull()
  })
})
