/** Exported encoders of each kind: read, brought into one form, and differentiated. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildGradient } from '../../../../../main/ml/autodiff/buildGradient.js'
import { openTextEncoder } from '../../../../../main/ml/clip/encoders.js'
import { openModelDirectory } from '../../../../../main/ml/clip/modelDirectory.js'
import { loadTokenizer } from '../../../../../main/ml/clip/tokenizer/loadTokenizer.js'
import type { Graph, TensorData } from '../../../../../main/ml/onnx/graph.js'
import { readModelFile } from '../../../../../main/ml/onnx/readModel.js'
import { simplify } from '../../../../../main/ml/onnx/simplify.js'
import { writeModelFile } from '../../../../../main/ml/onnx/writeModelFile.js'
import { evaluateModel } from '../../../../../main/ml/training/evaluateModel.js'
import { readTunableGraphs } from '../../../../../main/ml/training/methods/tunableGraphs.js'
import { deepTower } from '../../../../../main/ml/training/methods/tuning/deepTower.js'
import { fullTower } from '../../../../../main/ml/training/methods/tuning/fullTower.js'
import { isAppError } from '../../../../../shared/errors.js'
import { exportCaptions, writeClipExport } from '../../../../support/exports/clip.js'
import { exportKindNames, exportKinds } from '../../../../support/exports/kinds.js'
import { floatsOf, openGraph } from '../../../../support/gradientCheck.js'
import { writeShapes } from '../../../../support/pictureFolder.js'
import { uniform } from '../../../../support/random.js'
import { temporaryFolder } from '../../../../support/temporaryFolder.js'
import { type Feeds, floatTensor, runGraph, runModel } from '../runGraph.js'

type Model = Awaited<ReturnType<typeof writeClipExport>>

/** A picture and two texts as the encoders' inputs, padded as the model's config wants. */
async function sampleInputs(model: Model): Promise<{ image: Feeds; text: Feeds }> {
  const { width, height } = model.preprocess
  const tokenizer = await loadTokenizer(model.path)
  const { contextLength } = model
  const texts = exportCaptions.slice(0, 2)
  const encoded = tokenizer.encode(texts, { contextLength, padTo: 'contextLength' })
  const dims = [2, encoded.length]
  return {
    image: { pixel_values: floatTensor([2, 3, height, width]) },
    text: {
      input_ids: { type: 'int64', dims, data: encoded.inputIds },
      attention_mask: { type: 'int64', dims, data: encoded.attentionMask },
    },
  }
}

function pick(graph: Graph, feeds: Feeds): Feeds {
  return Object.fromEntries(graph.inputs.map(({ name }) => [name, feeds[name]!]))
}

function expectNear(a: TensorData, b: TensorData, tolerance: number): void {
  expect(a.dims).toEqual(b.dims)
  const right = floatsOf(b)
  const worst = floatsOf(a).reduce((max, x, i) => Math.max(max, Math.abs(x - right[i]!)), 0)
  expect(worst).toBeLessThan(tolerance)
}

const opTypes = ({ nodes }: Graph) => new Set(nodes.map(({ opType }) => opType))

describe.each(exportKindNames)('a %s export', (kind) => {
  it.each([11, 12, 13, 14, 16, 17, 18, 20, 21])(
    'in opset %i becomes the same encoder',
    async (opset) => {
      const model = await exportKinds[kind](await temporaryFolder(), { opset })
      const graphs = await readTunableGraphs(model)
      const inputs = await sampleInputs(model)
      for (const side of ['image', 'text'] as const) {
        const { graph, output } = graphs[side]
        const path = side === 'image' ? model.visionPath : model.textPath
        const feeds = pick(graph, inputs[side])
        const [ours, theirs] = [await runGraph(graph, feeds), await runModel(path, feeds)]
        expectNear(ours[output]!, theirs[output]!, 2e-5)
        expect(graph.opset).toBe(20)
        const left = ['Erf', 'Tanh', 'Pow'].filter((opType) => opTypes(graph).has(opType))
        expect(left).toEqual([])
      }
    },
  )

  it('is read in half precision, with its weights in another file', async () => {
    const options = { precision: 'float16', externalData: true } as const
    const whole = await exportKinds[kind](await temporaryFolder())
    const model = await exportKinds[kind](await temporaryFolder(), options)
    const [graphs, exact] = [await readTunableGraphs(model), await readTunableGraphs(whole)]
    const inputs = await sampleInputs(model)
    for (const side of ['image', 'text'] as const) {
      const { graph, output } = graphs[side]
      const types = [...graph.initializers.values()].map(({ type }) => type)
      expect(types).not.toContain('float16')
      const known = new Set([...opTypes(exact[side].graph), 'Identity'])
      expect([...opTypes(graph)].filter((opType) => !known.has(opType))).toEqual([])
      const feeds = pick(graph, inputs[side])
      const [ours, theirs] = [
        await runGraph(graph, feeds),
        await runGraph(exact[side].graph, feeds),
      ]
      expectNear(ours[output]!, theirs[output]!, 2e-2)
    }
  })

  it('has the gradients that differences of its outputs show', async () => {
    const model = await exportKinds[kind](await temporaryFolder())
    const graphs = await readTunableGraphs(model)
    const inputs = await sampleInputs(model)
    for (const side of ['image', 'text'] as const) {
      const { graph, output } = graphs[side]
      const { trainable } = fullTower(graphs[side], model.path)
      const floats = [...graph.initializers.values()].filter(isNoMask)
      expect(trainable.length).toBeGreaterThanOrEqual(floats.length - statistics(graph))
      await checkDirections(graph, output, trainable, pick(graph, inputs[side]))
    }
  })

  it('gives each text the same embedding, whatever stands beside it', async () => {
    const model = await exportKinds[kind](await temporaryFolder())
    const encoder = await openTextEncoder(model, { device: 'cpu', threads: 1 })
    const alone = await encoder.encode(['a cat'])
    const beside = await encoder.encode(['a cat', 'a red circle in a green square'])
    await encoder.dispose()
    const [first, second] = [alone, beside.slice(0, encoder.dim)].map((data) => ({
      ...{ type: 'float32' as const, dims: [encoder.dim], data },
    }))
    expectNear(first!, second!, 1e-5)
  })

  it('searches with 8-bit weights, and says why those cannot be trained', async () => {
    const folder = await temporaryFolder()
    const model = await exportKinds[kind](join(folder, 'model'), { precision: 'int8' })
    const paths = await writeShapes(join(folder, 'pictures'), 3)
    const pairs = paths.map((image, i) => ({ image, captions: [exportCaptions[i]!] }))
    const { report } = await evaluateModel(model, pairs, { signal: new AbortController().signal })
    expect(report.textToImage.mrr).toBeGreaterThan(0)
    await expect(readTunableGraphs(model)).rejects.toSatisfy(
      (error) => isAppError(error, 'MODEL_INVALID') && /quantized.*float32/.test(error.message),
    )
  })
})

function isNoMask({ type, data }: TensorData): boolean {
  return type === 'float32' && data.length > 1 && data.every(Number.isFinite)
}

/** Means and spreads of batch norms are not trained. */
function statistics({ nodes }: Graph): number {
  return 2 * nodes.filter(({ opType }) => opType === 'BatchNormalization').length
}

/** Slopes along random directions in the space of all weights, against differences in float32. */
async function checkDirections(
  graph: Graph,
  output: string,
  wrt: readonly string[],
  inputs: Feeds,
): Promise<void> {
  const inputShapes = Object.fromEntries(Object.entries(inputs).map(([n, { dims }]) => [n, dims]))
  const only = { ...graph, outputs: graph.outputs.filter(({ name }) => name === output) }
  const simple = simplify(only, { inputShapes, keep: wrt })
  const session = await openGraph(buildGradient(simple, { wrt, outputs: [output], inputShapes }))
  // Differences take both sides of the bends that lie within their step.
  const tolerance = opTypes(graph).has('Relu') ? 1e-2 : 1e-3
  const random = uniform(5)
  const shape = simple.outputs[0]!.shape as number[]
  const cotangent = noise(shape, random)
  const weights = Object.fromEntries(wrt.map((name) => [name, graph.initializers.get(name)!]))
  const feeds = { ...inputs, ...weights, [`cotangent/${output}`]: cotangent }
  const results = await session.run(feeds)
  for (let trial = 0; trial < 3; trial++) {
    const ways = Object.fromEntries(wrt.map((name) => [name, noise(weights[name]!.dims, random)]))
    const at = async (step: number): Promise<number> => {
      const moved = wrt.map((name) => [name, shifted(weights[name]!, ways[name]!, step)] as const)
      const values = await session.run({ ...feeds, ...Object.fromEntries(moved) }, [output])
      return dot(values[output]!, cotangent)
    }
    const step = 2e-3
    const [near, far] = [
      (await at(step)) - (await at(-step)),
      (await at(2 * step)) - (await at(-2 * step)),
    ]
    const slope = (8 * near - far) / (12 * step)
    const computed = wrt.reduce(
      (sum, name) => sum + dot(results[`gradient/${name}`]!, ways[name]!),
      0,
    )
    const scale = Math.hypot(
      ...wrt.map((name) => Math.hypot(...floatsOf(results[`gradient/${name}`]!))),
    )
    expect(Math.abs(slope - computed) / scale).toBeLessThan(tolerance)
  }
  await session.dispose()
}

function noise(dims: readonly number[], random: () => number): TensorData {
  const length = dims.reduce((a, b) => a * b, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length }, () => 2 * random() - 1) }
}

function shifted(tensor: TensorData, way: TensorData, step: number): TensorData {
  const by = floatsOf(way)
  const data = Float32Array.from(floatsOf(tensor), (x, i) => x + step * by[i]!)
  return { type: 'float32', dims: tensor.dims, data }
}

function dot(a: TensorData, b: TensorData): number {
  const right = floatsOf(b)
  return floatsOf(a).reduce((sum, x, i) => sum + x * right[i]!, 0)
}

describe('the pooling head of a siglip export', () => {
  it('learns as one layer, though its weights are cut out of one', async () => {
    const model = await exportKinds.siglip(await temporaryFolder())
    const { image } = await readTunableGraphs(model)
    const packed = 'vision_model.head.attention.in_proj_weight'
    const lowRank = { rank: 4, alpha: 8, blocks: 1, layers: 'attention', seed: 1 } as const
    const deep = deepTower(image, lowRank, model.visionPath)
    expect(deep.trainable).toContain(`lora/${packed}/b`)
    const full = fullTower(image, model.visionPath, 0.5)
    expect(full.trainable).toContain(packed)
    expect(full.noDecay.has(packed)).toBe(false)
    // After two blocks, and before the head's perceptron.
    expect(full.rates!.get(packed)).toBe(0.5)
    expect(full.rates!.get('vision_model.head.attention.in_proj_bias')).toBe(0.5)
  })
})

describe('operator sets', () => {
  it.each([9, 23])('refuses opset %i, naming the file', async (opset) => {
    const model = await writeClipExport(await temporaryFolder())
    const graph = await readModelFile(model.textPath)
    await writeModelFile(model.textPath, { ...graph, opset })
    const altered = await openModelDirectory(model.path)
    await expect(readTunableGraphs(altered)).rejects.toSatisfy(
      (error) => isAppError(error, 'MODEL_INVALID') && error.message.includes(model.textPath),
    )
  })
})
