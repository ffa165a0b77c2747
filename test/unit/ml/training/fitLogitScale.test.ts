import { expect, it } from 'vitest'
import { fitLogistic } from '../../../../main/ml/training/methods/fitLogistic.js'
import { fitLogitScale } from '../../../../main/ml/training/methods/fitLogitScale.js'
import { type PairCosines, pairCosines } from '../../../../main/ml/training/methods/pairCosines.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import type { FeatureTable } from '../../../../main/ml/training/sources/featureRows.js'

const [count, dim] = [120, 24]

/** Texts of which a share is their picture's, both kinds `gap` apart as CLIP's are. */
function cosinesOf(likeness: number, gap: number): Promise<PairCosines> {
  const random = createRandom(8)
  const images = new Float32Array(count * dim)
  const texts = new Float32Array(count * dim)
  for (let i = 0; i < images.length; i++) {
    const content = random.between(-1, 1)
    const aside = i % dim === 0 ? gap : 0
    images[i] = content + aside
    texts[i] = likeness * content + (1 - likeness) * random.between(-1, 1) - aside
  }
  const table = (data: Float32Array): FeatureTable => ({ rowDims: [dim], data })
  const rows = Int32Array.from({ length: count }, (_, i) => i)
  return pairCosines(table(images), table(texts), { images: rows, texts: rows })
}

async function thetaOf(likeness: number, gap: number): Promise<number> {
  return fitLogitScale(await cosinesOf(likeness, gap))
}

it('fits the sharper a scale the more pairs are alike', async () => {
  expect(await thetaOf(0, 0)).toBe(0)
  expect(await thetaOf(0.3, 0)).toBeGreaterThan(await thetaOf(0.2, 0))
  expect(await thetaOf(1, 0)).toBeCloseTo(Math.log(100), 9)
})

it('fits a sharper scale where all cosines are near each other', async () => {
  expect(await thetaOf(0.3, 3)).toBeGreaterThan(await thetaOf(0.3, 0))
})

it('fits a bias beside the scale where each pair is a question of its own', async () => {
  const cosines = await cosinesOf(0.6, 0)
  const { logitScale, logitBias } = fitLogistic(cosines)
  const lossAt = (theta: number, bias: number) =>
    cosines.values.reduce((sum, cosine, i) => {
      const logit = Math.exp(theta) * cosine + bias
      const own = i % count === Math.floor(i / count)
      return sum + Math.log1p(Math.exp(own ? -logit : logit)) / count
    }, 0)
  const best = lossAt(logitScale, logitBias)
  expect(best).toBeLessThan(lossAt(Math.log(10), -10) * 0.8)
  for (const [theta, bias] of [
    [0.5, 0],
    [-0.5, 0],
    [0, 0.3],
    [0, -0.3],
  ] as const) {
    expect(best).toBeLessThan(lossAt(logitScale + theta, logitBias + bias))
  }
})
