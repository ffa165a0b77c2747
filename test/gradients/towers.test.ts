/** Whole encoders and every one of their gradients, against a reference in float64. */
import { expect, test } from 'vitest'
import { buildGradient } from '../../main/ml/autodiff/buildGradient.js'
import { architectureSchema } from '../../main/ml/clip/architecture.js'
import { buildTowers } from '../../main/ml/clip/builder/buildTowers.js'
import type { Tower } from '../../main/ml/clip/builder/towerBuilder.js'
import type { TensorData } from '../../main/ml/onnx/graph.js'
import { simplify } from '../../main/ml/onnx/simplify.js'
import type { Tensors } from '../../main/ml/runtime/session.js'
import { floatsOf, openGraph } from '../support/gradientCheck.js'
import { uniform } from '../support/random.js'
import { embedPicture, embedText, type Weights } from '../support/reference/clipTowers.js'
import { differentiateNumerically } from '../support/reference/differences.js'

/** Of the largest number in a tensor: float32 rounds by 6e-8, some hundred times on the way. */
const tolerance = 1e-5

const architecture = architectureSchema.parse({
  image: {
    kind: 'vit',
    imageSize: 8,
    patchSize: 4,
    stages: [{ width: 8, layers: 2, heads: 2, mlpRatio: 2 }],
    pooling: 'cls',
  },
  text: { vocabSize: 12, contextLength: 7, width: 8, layers: 2, heads: 2, mlpRatio: 2 },
  block: { activation: 'quick-gelu' },
  embeddingDim: 6,
})
const towers = buildTowers(architecture, { seed: 1 })
const random = uniform(3)
const between = (from: number, to: number) => from + (to - from) * random()

test('the image encoder', async () => {
  const count = 2
  const pixels = Float32Array.from({ length: count * 3 * 8 * 8 }, () => between(-1, 1))
  const inputs: Tensors = {
    pixel_values: { type: 'float32', dims: [count, 3, 8, 8], data: pixels },
  }
  const wide = Float64Array.from(pixels)
  const each = wide.length / count
  const pictures = [wide.subarray(0, each), wide.subarray(each)]
  await compare(towers.image, inputs, (weights) =>
    pictures.flatMap((picture) => embedPicture(weights, architecture, picture)),
  )
})

test('the text encoder, with a token used twice and texts that end early', async () => {
  const texts = [
    [10, 3, 3, 7, 11, 0],
    [10, 5, 11, 0, 0, 0],
    [10, 1, 9, 4, 3, 11],
  ]
  const dims = [texts.length, texts[0]!.length]
  const ids = BigInt64Array.from(texts.flat().map(BigInt))
  const mask = BigInt64Array.from(ids, (id) => (id === 0n ? 0n : 1n))
  const inputs: Tensors = {
    input_ids: { type: 'int64', dims, data: ids },
    attention_mask: { type: 'int64', dims, data: mask },
  }
  await compare(towers.text, inputs, (weights) =>
    texts.flatMap((text) => embedText(weights, architecture, text)),
  )
})

/** Runs the tower with weights that are all but what they begin as, and gradients of random cotangents. */
async function compare(
  { graph, trainable, output }: Tower,
  inputs: Tensors,
  reference: (weights: Weights) => readonly number[],
): Promise<void> {
  const weights = new Map(
    trainable.map((name) => [name, shaken(graph.initializers.get(name)!)] as const),
  )
  const wide: Weights = new Map(
    [...weights].map(([name, tensor]) => [name, Float64Array.from(floatsOf(tensor))]),
  )
  const embeddings = reference(wide)
  const cotangent = Float32Array.from(embeddings, () => between(-1, 1))
  const dims = [embeddings.length / architecture.embeddingDim, architecture.embeddingDim]
  const inputShapes = Object.fromEntries(Object.entries(inputs).map(([n, t]) => [n, t.dims]))
  const fixed = simplify(graph, { inputShapes, keep: trainable })
  const gradient = buildGradient(fixed, { wrt: trainable, outputs: [output], inputShapes })
  const session = await openGraph(gradient)
  const feeds: Tensors = {
    ...inputs,
    ...Object.fromEntries(weights),
    [`cotangent/${output}`]: { type: 'float32', dims, data: cotangent },
  }
  const used = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name))
  const results = await session.run(Object.fromEntries(used))
  await session.dispose()

  expectNear(output, floatsOf(results[output]!), embeddings)
  const projected = (moved: Weights) =>
    reference(moved).reduce((sum, value, i) => sum + value * cotangent[i]!, 0)
  for (const [name, expected] of differentiateNumerically(projected, wide)) {
    expectNear(name, floatsOf(results[`gradient/${name}`]!), expected)
  }
}

/** Norms of other scales than one and biases other than nought. */
function shaken(tensor: TensorData): TensorData {
  const data = Float32Array.from(floatsOf(tensor), (value) => value + between(-0.3, 0.3))
  return { type: 'float32', dims: tensor.dims, data }
}

function expectNear(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const numbers = Array.from(expected)
  const largest = Math.max(...numbers.map(Math.abs))
  const worst = Math.max(...numbers.map((value, i) => Math.abs(value - actual[i]!)))
  expect(actual, name).toHaveLength(numbers.length)
  expect(largest, name).toBeGreaterThan(1e-3)
  expect(worst / largest, name).toBeLessThan(tolerance)
}
