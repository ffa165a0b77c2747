/** A quickly tuned child of a model that searches in 8 bits, over a library that the parent has indexed. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../main/engine/createEngine.js'
import { mergeLinear } from '../../../main/ml/clip/builder/adapters/mergeLinear.js'
import {
  type ModelParts,
  writeModelDirectory,
} from '../../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { isQuantized } from '../../../main/ml/clip/modelDirectory.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { quantizeTowers } from '../../../main/ml/training/precision/judgeInt8.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { uniform } from '../../support/random.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'
import { wideModelParts } from '../../support/wideModel.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }

/** The parts of a quick child of `parent`, in both precisions, adapted as training does it. */
function quickChild(parent: ModelParts, id: string): ModelParts {
  const dim = parent.card.embeddingDim
  const random = uniform(5)
  const residual = Float32Array.from({ length: dim * dim }, () => (random() - 0.5) / 10)
  const adapt = (graph: Graph, output: string) =>
    mergeLinear(graph, output, { residual, bias: new Float32Array(dim) })
  const both = ({ vision, text }: { vision: Graph; text: Graph }) => ({
    vision: adapt(vision, 'image_embeds'),
    text: adapt(text, 'text_embeds'),
  })
  const card = { ...parent.card, name: 'child', parent: id, method: 'quick' }
  return { ...parent, ...both(parent), quantized: both(parent.quantized!), card }
}

test('photos are not looked at again, and found as the new 8-bit encoder sees them', async () => {
  const folder = await temporaryFolder()
  const parts = wideModelParts()
  const parent = { ...parts, quantized: quantizeTowers(parts)! }
  const starterFolder = join(folder, 'starter')
  const starter = await writeModelDirectory(starterFolder, parent)
  const child = await writeModelDirectory(join(folder, 'child'), quickChild(parent, starter.id))
  expect([starter, child].map(isQuantized)).toEqual([true, true])
  await writeShapes(join(folder, 'pictures'), 10)
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  await engine.library.addFolders([join(folder, 'pictures')], run)
  await engine.library.index({ device: 'cpu' }, run)

  const report = await engine.library.index({ device: 'cpu', model: child.path }, run)
  expect(await engine.modelStore.useNow(child.path, run)).toMatchObject({ active: true })
  expect(report).toMatchObject({ indexed: 10, total: 10 })
  const request = { words: null, likePhoto: null, model: null, limit: 10 }
  const { hits } = await engine.search.search({ ...request, imageFile: null, words: 'red' })
  expect(hits).toHaveLength(10)
  const scores = await Promise.all(
    hits.map(async ({ path }) => {
      const found = await engine.search.search({ ...request, imageFile: path, limit: 1 })
      return found.hits[0]!.path === path ? found.hits[0]!.score : 0
    }),
  )
  expect(Math.min(...scores)).toBeGreaterThan(0.999)
})
