/** Which layer a weight lies in, and how fast it learns. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { architectureSchema } from '../../../../main/ml/clip/architecture.js'
import { buildTowers } from '../../../../main/ml/clip/builder/buildTowers.js'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { readTunableGraphs } from '../../../../main/ml/training/methods/tunableGraphs.js'
import { deepTower } from '../../../../main/ml/training/methods/tuning/deepTower.js'
import { fullTower } from '../../../../main/ml/training/methods/tuning/fullTower.js'
import { findLayerDepths } from '../../../../main/ml/training/methods/tuning/layerDepths.js'
import { projectRoot } from '../../../../main/platform/entries.js'

/** A block's number, as names have it. */
const blockOf = /(\d+)\.(?:norm|attention|mlp)/

const stage = { width: 8, layers: 3, heads: 2, mlpRatio: 2 }
const architecture = architectureSchema.parse({
  image: { kind: 'vit', imageSize: 8, patchSize: 2, stages: [stage], pooling: 'cls' },
  text: { ...stage, layers: 2, vocabSize: 12, contextLength: 8 },
  embeddingDim: 6,
})

describe('in encoders built here', () => {
  const { image, text } = buildTowers(architecture, { seed: 1 })

  test.each([
    ['image', image, 3],
    ['text', text, 2],
  ] as const)(
    'every weight of the %s encoder has the layer that its name tells',
    (_, tower, layers) => {
      const depths = findLayerDepths(tower.graph, tower.output, tower.trainable)!
      expect([...depths.keys()].sort()).toEqual([...tower.trainable].sort())
      for (const [name, depth] of depths) {
        const block = blockOf.exec(name)
        const isHead = /^(norm|projection)/.test(name)
        const expected = block ? Number(block[1]) + 1 : isHead ? layers + 1 : 0
        expect(depth, name).toBe(expected)
      }
    },
  )

  test('rates fall by one factor a layer, the last that is trained having its whole rate', () => {
    const tower = fullTower(image, '/model', 0.5)
    const rateOf = (part: RegExp) => [
      ...new Set(tower.trainable.filter((n) => part.test(n)).map((n) => tower.rates!.get(n))),
    ]
    expect(rateOf(/^projection/)).toEqual([1])
    expect(rateOf(/\.2\.(norm|attention|mlp)/)).toEqual([0.5])
    expect(rateOf(/\.1\.(norm|attention|mlp)/)).toEqual([0.25])
    expect(rateOf(/\.0\.(norm|attention|mlp)/)).toEqual([0.125])
    expect(rateOf(/^patch/)).toEqual([0.0625])
    expect(fullTower(image, '/model').rates!.size).toBe(0)
  })

  test('adapters learn at the rate of the layer they stand beside', () => {
    const lowRank = { rank: 2, alpha: 4, blocks: null, layers: 'attention', seed: 1 } as const
    const { rates, trainable } = deepTower(image, { ...lowRank, layerDecay: 0.5 }, '/model')
    const [inside, end] = [trainable.slice(0, 18), trainable.slice(18)]
    for (const name of inside) {
      expect(rates!.get(name)).toBe(0.5 ** (2 - Number(blockOf.exec(name)![1])))
    }
    // The layer after the encoder is no part of it, and learns as fast as it does alone.
    expect(end.map((name) => rates!.get(name))).toEqual([5, 5])
    const last = deepTower(image, { ...lowRank, blocks: 1, layerDecay: 0.5 }, '/model')
    expect([...last.rates!.values()]).toEqual([1, 1, 1, 1, 1, 1, 5, 5])
  })

  test('an encoder without attentions has no layers to tell apart', () => {
    const plain = buildTowers(
      { ...architecture, text: { ...architecture.text, layers: 0 } },
      { seed: 1 },
    )
    expect(() => fullTower(plain.text, '/text.onnx', 0.5)).toThrow(/--layer-decay: .*\/text\.onnx/)
  })
})

test('in a saved model the layers are the same as in the one it was built from', async () => {
  const model = await openModelDirectory(join(projectRoot, 'models', 'starter'))
  const { image, text } = await readTunableGraphs(model)
  for (const tunable of [image, text]) {
    const { trainable } = fullTower(tunable, model.path)
    const depths = findLayerDepths(tunable.graph, tunable.output, trainable)!
    for (const [name, depth] of depths) {
      const block = blockOf.exec(name)
      if (block) expect(depth, name).toBeGreaterThan(0)
      else expect([0, Math.max(...depths.values())], name).toContain(depth)
    }
  }
})
