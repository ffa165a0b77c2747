/** The encoders on the graphics device: the same embeddings as the CPU's. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openImageEncoder, openTextEncoder } from '../../../../main/ml/clip/encoders.js'
import { uniform } from '../../../support/random.js'
import { writeSmallModel } from '../../../support/smallModel.js'
import { hasSoftwareVulkan, useSoftwareVulkan } from '../../../support/softwareVulkan.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'

const texts = ['a red apple', 'boats on the water', 'a cat']

/** Rows have length 1, so this is also far below what could change a ranking's percent. */
const tolerance = 2e-6

describe.skipIf(!hasSoftwareVulkan)('encoders on the graphics device', () => {
  beforeAll(useSoftwareVulkan)

  it('give the same embeddings', async () => {
    const model = await writeSmallModel(join(await temporaryFolder(), 'small'))
    const batch = 3
    const random = uniform(5)
    const size = batch * 3 * model.preprocess.height * model.preprocess.width
    const pixels = Float32Array.from({ length: size }, () => 2 * random() - 1)

    const embed = async (device: 'cpu' | 'webgpu') => {
      const images = await openImageEncoder(model, { device, threads: 1 })
      const words = await openTextEncoder(model, { device, threads: 1 })
      expect([images.device, words.device]).toEqual([device, device])
      // At once, as when somebody searches while photos are indexed.
      const [image, text] = await Promise.all([images.encode(pixels, batch), words.encode(texts)])
      await images.dispose()
      await words.dispose()
      return { image: image.embeddings, pooled: image.pooled, text }
    }
    const [cpu, gpu] = [await embed('cpu'), await embed('webgpu')]
    expectClose(gpu.image, cpu.image)
    expectClose(gpu.text, cpu.text)
    const scale = Math.max(...cpu.pooled!.map(Math.abs))
    expectClose(gpu.pooled!, cpu.pooled!, tolerance * Math.max(1, scale))
  })
})

function expectClose(actual: Float32Array, expected: Float32Array, within = tolerance): void {
  expect(actual).toHaveLength(expected.length)
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))
  expect(worst).toBeLessThan(within)
}
