/** 8-bit encoders of models that were exported elsewhere, with their idioms. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encoderPath, type ModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { readEncoderGraph } from '../../../../main/ml/clip/readEncoderGraph.js'
import type { Graph } from '../../../../main/ml/onnx/graph.js'
import { writeModel } from '../../../../main/ml/onnx/writeModel.js'
import {
  hasIntegerProducts,
  quantizeWeights,
} from '../../../../main/ml/quantization/quantizeWeights.js'
import { openSession } from '../../../../main/ml/runtime/openSession.js'
import type { Tensors } from '../../../../main/ml/runtime/session.js'
import { writeClipExport } from '../../../support/exports/clip.js'
import { exportKinds } from '../../../support/exports/kinds.js'
import { uniform } from '../../../support/random.js'
import { folderForFile } from '../../../support/temporaryFolder.js'

const folder = folderForFile()
const towers = ['vision', 'text'] as const
const cases = Object.entries(exportKinds).flatMap(([kind, write]) =>
  towers.map((tower) => ({ kind, tower, write })),
)
/** The exports are tiny, so that tests are quick. */
const smallest = 256
const batch = 3

describe('8-bit weights of exports', () => {
  it.each(cases)('$kind, $tower', async ({ kind, tower, write }) => {
    const model = await write(join(folder(), `${kind}-${tower}`), {})
    const graph = await readEncoderGraph(encoderPath(model, tower, 'full'), model)
    const quantized = quantizeWeights(graph, smallest)
    expect(hasIntegerProducts(quantized)).toBe(true)
    const feeds = tower === 'vision' ? pictures(model) : texts(model)
    const [expected, actual] = [await run(graph, feeds), await run(quantized, feeds)]
    expect(actual).not.toEqual(expected)
    expect(leastCosine(actual, expected)).toBeGreaterThan(0.99)
  })

  it('leaves products in half precision alone', async () => {
    const model = await writeClipExport(join(folder(), 'half'), { precision: 'float16' })
    const graph = await readEncoderGraph(model.visionPath, model)
    expect(hasIntegerProducts(quantizeWeights(graph, smallest))).toBe(false)
  })
})

function pictures({ preprocess: { width, height } }: ModelDirectory): Tensors {
  const random = uniform(3)
  const data = Float32Array.from({ length: batch * 3 * width * height }, () => random() - 0.5)
  return { pixel_values: { type: 'float32', dims: [batch, 3, height, width], data } }
}

function texts({ contextLength }: ModelDirectory): Tensors {
  const dims = [batch, contextLength]
  const ids = BigInt64Array.from({ length: batch * contextLength }, (_, i) => BigInt((i * 5) % 17))
  const ones = new BigInt64Array(batch * contextLength).fill(1n)
  return {
    input_ids: { type: 'int64', dims, data: ids },
    attention_mask: { type: 'int64', dims, data: ones },
  }
}

/** Embeddings, one row for each input. */
async function run(graph: Graph, feeds: Tensors): Promise<Float32Array> {
  const session = await openSession(writeModel(graph), { device: 'cpu', threads: 1 })
  const wanted = session.outputNames.find((name) => name.endsWith('_embeds')) ?? 'pooler_output'
  const taken = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name))
  const results = await session.run(Object.fromEntries(taken), [wanted])
  await session.dispose()
  return results[wanted]!.data as Float32Array
}

function leastCosine(a: Float32Array, b: Float32Array): number {
  const dim = a.length / batch
  const cosines = [...Array(batch).keys()].map((row) => {
    const [x, y] = [a, b].map((rows) => [...rows.subarray(row * dim, (row + 1) * dim)])
    const dot = x!.reduce((sum, value, i) => sum + value * y![i]!, 0)
    return dot / (Math.hypot(...x!) * Math.hypot(...y!))
  })
  return Math.min(...cosines)
}
