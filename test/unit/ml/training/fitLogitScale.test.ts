import { expect, it } from 'vitest'
import { fitLogitScale } from '../../../../main/ml/training/methods/fitLogitScale.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import type { FeatureTable } from '../../../../main/ml/training/sources/featureRows.js'

const [count, dim] = [120, 24]

/** theta for texts of which a share is their picture's, both kinds `gap` apart as CLIP's are. */
function thetaOf(likeness: number, gap: number): Promise<number> {
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
  return fitLogitScale(table(images), table(texts), { images: rows, texts: rows })
}

it('fits the sharper a scale the more pairs are alike', async () => {
  expect(await thetaOf(0, 0)).toBe(0)
  expect(await thetaOf(0.3, 0)).toBeGreaterThan(await thetaOf(0.2, 0))
  expect(await thetaOf(1, 0)).toBeCloseTo(Math.log(100), 9)
})

it('fits a sharper scale where all cosines are near each other', async () => {
  expect(await thetaOf(0.3, 3)).toBeGreaterThan(await thetaOf(0.3, 0))
})
