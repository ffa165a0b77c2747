/** 8-bit encoders for search: what is written, what is measured, when they are refused. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openImageEncoder, openTextEncoder } from '../../../../main/ml/clip/encoders.js'
import { writeModelDirectory } from '../../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { isQuantized, openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { readTunableGraphs } from '../../../../main/ml/training/methods/tunableGraphs.js'
import { reasonAgainstInt8 } from '../../../../main/ml/training/precision/decidePrecision.js'
import {
  type WritePrecisionOptions,
  writePrecision,
} from '../../../../main/ml/training/precision/writePrecision.js'
import { genericPhrases } from '../../../../main/search/ranking/genericPhrases.js'
import { drawShapes } from '../../../support/drawnShapes.js'
import { uniform } from '../../../support/random.js'
import { smallModelParts, writeSmallModel } from '../../../support/smallModel.js'
import { folderForFile } from '../../../support/temporaryFolder.js'

const folder = folderForFile()

async function options(choice: WritePrecisionOptions['choice']): Promise<WritePrecisionOptions> {
  const pictures = (await drawShapes(join(folder(), 'shapes'), 1)).slice(0, 12)
  const samples = { pictures, texts: genericPhrases }
  return { choice, samples, threads: 1, signal: new AbortController().signal }
}

describe('writePrecision', () => {
  it('writes a model with 8-bit encoders for search and the full ones beside them', async () => {
    const source = await writeSmallModel(join(folder(), 'source'))
    const target = join(folder(), 'int8')
    const { model, measured, precision } = await writePrecision(
      source,
      target,
      await options('int8'),
    )
    expect(precision).toBe('int8')
    expect(model.id).not.toBe(source.id)
    expect(isQuantized(model)).toBe(true)
    expect(model.manifest).toMatchObject({ parent: source.id, search: { precision: 'int8' } })
    expect(Object.keys(model.files)).toContain('onnx/text_model_quantized.onnx')
    await openModelDirectory(target, { verify: 'full' })

    expect(measured!.leastCosine).toBeGreaterThan(0.99)
    expect(measured!.queries).toBe(12 + genericPhrases.length)
    expect(measured!.recallLoss).toBeGreaterThanOrEqual(0)

    // Training takes the full ones, whose bytes are the source's.
    const bytes = await Promise.all([source, model].map(({ visionPath }) => readFile(visionPath)))
    expect(bytes[0]!.equals(bytes[1]!)).toBe(true)
    await readTunableGraphs(model)
    const coarse = { ...model, visionPath: model.searchPaths.vision }
    await expect(readTunableGraphs(coarse)).rejects.toMatchObject({ code: 'MODEL_INVALID' })

    // And back: the very files of the source make its very id.
    const back = await writePrecision(model, join(folder(), 'back'), await options('float32'))
    expect(back.model.id).toBe(source.id)
    expect(isQuantized(back.model)).toBe(false)
  })

  it('has search run the 8-bit encoders, and nothing else', async () => {
    const source = await writeSmallModel(join(folder(), 'searched'))
    const { model } = await writePrecision(source, join(folder(), 'used'), await options('int8'))
    const random = uniform(2)
    const pixels = Float32Array.from({ length: 2 * 3 * 32 * 32 }, () => random() - 0.5)
    const embed = async (from: typeof model, precision: 'full' | 'search') => {
      const image = await openImageEncoder(from, { device: 'cpu', threads: 1, precision })
      const text = await openTextEncoder(from, { device: 'cpu', threads: 1, precision })
      const rows = [
        ...(await image.encode(pixels, 2)).embeddings,
        ...(await text.encode(['a cat'])),
      ]
      await image.dispose()
      await text.dispose()
      return rows
    }
    const full = await embed(source, 'search')
    expect(await embed(model, 'full')).toEqual(full)
    const rounded = await embed(model, 'search')
    expect(rounded).not.toEqual(full)
    const cosines = rounded.reduce((sum, value, i) => sum + value * full[i]!, 0) / 3
    expect(cosines).toBeGreaterThan(0.99)
    expect(cosines).toBeLessThan(1)
  })

  it('keeps full precision where 8 bits hurt', async () => {
    const parts = smallModelParts()
    const vision = hurtingTower(parts.card.embeddingDim)
    const source = await writeModelDirectory(join(folder(), 'hurting'), { ...parts, vision })
    const target = join(folder(), 'refused')
    const written = await writePrecision(source, target, await options('auto'))
    expect(written.model).toBe(source)
    expect(written.precision).toBe('float32')
    expect(written.measured!.recallLoss).toBeGreaterThan(5)
    expect(written.reason).toMatch(/^8 bits would lose [\d.]+ points of recall/)
    await expect(openModelDirectory(target)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

describe('reasonAgainstInt8', () => {
  const measure = {
    recallLoss: 0.2,
    imageSpeedUp: 2.5,
    textSpeedUp: 1.8,
    leastCosine: 0.998,
    queries: 600,
  }
  it.each([
    [{}, null],
    [{ recallLoss: 0.5 }, /^8 bits would lose 0.5 points/],
    [{ imageSpeedUp: 1.02 }, /no faster \(1.02 times for pictures/],
    [{ textSpeedUp: 0.9 }, /no faster/],
    [{ queries: 40 }, /40 searches are too few/],
  ])('%o', (change, reason) => {
    const found = reasonAgainstInt8({ ...measure, ...change })
    if (reason === null) expect(found).toBeNull()
    else expect(found).toMatch(reason)
  })
})

/** One activation so large that, in steps of one 255th of it, nothing is left of all others. */
function hurtingTower(dim: number) {
  const builder = new GraphBuilder('hurting')
  builder.input('pixel_values', 'float32', ['batch', 3, 32, 32])
  const size = 3 * 32 * 32
  const random = uniform(4)
  const data = Float32Array.from({ length: (size + 1) * dim }, (_, at) =>
    at < size * dim ? random() - 0.5 : 0,
  )
  const flat = builder.op('Flatten', ['pixel_values'], { axis: 1 })
  const padded = builder.op('Pad', [flat, builder.ints([0, 0, 0, 1]), builder.scalar(1e5)])
  const weight = builder.initializer('w', { type: 'float32', dims: [size + 1, dim], data })
  builder.output(builder.op('MatMul', [padded, weight]), 'float32', ['batch', dim], 'image_embeds')
  return builder.build()
}
