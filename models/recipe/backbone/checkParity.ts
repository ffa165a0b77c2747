/**
 * Compares the converted backbone with the original run by TensorFlow.js, map by map.
 *
 * Runs where `npm i @tensorflow/tfjs-core @tensorflow/tfjs-converter @tensorflow/tfjs-backend-cpu`
 * was done inside .data/tfjs; the product needs none of them.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { writeModel } from '../../../main/ml/onnx/writeModel.js'
import { openSession } from '../../../main/ml/runtime/openSession.js'
import { backbonePath, tensorflowFolder } from './backbonePaths.js'
import { featureMaps } from './buildBackbone.js'
import { convertNodes } from './convertNodes.js'
import { readTfjsModel } from './readTfjsModel.js'

/** The part of TensorFlow.js that the check uses. */
interface TfTensor {
  dataSync(): Float32Array
}
interface TensorFlow {
  tensor4d(values: Float32Array, shape: readonly number[]): TfTensor
  setBackend(name: string): Promise<boolean>
  io: { fromMemory(model: object): object }
}
interface GraphModel {
  execute(input: TfTensor, outputs: readonly string[]): TfTensor[]
}
interface Converter {
  loadGraphModel(source: object): Promise<GraphModel>
}

interface OriginalModel {
  readonly modelTopology: object
  readonly weightsManifest: readonly { paths: string[]; weights: object[] }[]
}

/** The file holds map sizes for pictures of this side, so that the check runs there. */
const checkSize = 512
const wantedNodes = featureMaps.map((map) => map.node)

export interface MapError {
  readonly node: string
  readonly maxAbsoluteError: number
  readonly maxAbsoluteValue: number
}

/** The largest difference in each feature map, on one picture of smooth noise. */
export async function compareWithOriginal(): Promise<MapError[]> {
  const pixels = smoothNoise()
  const original = await runOriginal(pixels)
  const converted = await runConverted(pixels)
  return featureMaps.map(({ node, channels }, i) => {
    const [a, b] = [original[i]!, converted[i]!]
    const area = a.length / channels
    let maxAbsoluteError = 0
    let maxAbsoluteValue = 0
    for (let place = 0; place < area; place++) {
      for (let c = 0; c < channels; c++) {
        const value = a[place * channels + c]!
        maxAbsoluteValue = Math.max(maxAbsoluteValue, Math.abs(value))
        const error = Math.abs(value - b[c * area + place]!)
        maxAbsoluteError = Math.max(maxAbsoluteError, error)
      }
    }
    return { node, maxAbsoluteError, maxAbsoluteValue }
  })
}

/** RGB from 0 to 255 in NHWC order. */
function smoothNoise(): Float32Array {
  const pixels = new Float32Array(checkSize * checkSize * 3)
  for (let y = 0; y < checkSize; y++) {
    for (let x = 0; x < checkSize; x++) {
      for (let c = 0; c < 3; c++) {
        const wave = Math.sin(x / (7 + 5 * c)) * Math.cos(y / (11 - 3 * c)) + Math.sin(x * y * 0.01)
        pixels[(y * checkSize + x) * 3 + c] = 127.5 + 63.7 * wave
      }
    }
  }
  return pixels
}

async function runOriginal(pixels: Float32Array): Promise<Float32Array[]> {
  const require = createRequire(join(tensorflowFolder, 'package.json'))
  const tf = require('@tensorflow/tfjs-core') as TensorFlow
  require('@tensorflow/tfjs-backend-cpu')
  const { loadGraphModel } = require('@tensorflow/tfjs-converter') as Converter
  await tf.setBackend('cpu')
  const model = JSON.parse(await readFile(backbonePath, 'utf8')) as OriginalModel
  const file = model.weightsManifest[0]!.paths[0]!
  const bytes = await readFile(join(dirname(backbonePath), file))
  const graph = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0]!.weights,
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    }),
  )
  const input = tf.tensor4d(pixels, [1, checkSize, checkSize, 3])
  return graph.execute(input, wantedNodes).map((tensor) => tensor.dataSync())
}

async function runConverted(pixels: Float32Array): Promise<Float32Array[]> {
  const builder = new GraphBuilder('backbone_check')
  const shape = [1, checkSize, checkSize, 3]
  const input = builder.input('image', 'float32', shape)
  const image = builder.op('Transpose', [input], { perm: [0, 3, 1, 2] })
  const model = await readTfjsModel(backbonePath)
  const values = convertNodes(model, builder, image, wantedNodes, { fuseHardSwish: false })
  for (const value of values) builder.output(value, 'float32', [1, 'channels', 'height', 'width'])
  const session = await openSession(writeModel(builder.build()), { device: 'cpu', threads: 0 })
  const results = await session.run({ image: { type: 'float32', dims: shape, data: pixels } })
  await session.dispose()
  return values.map((value) => results[value]!.data as Float32Array)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { node, maxAbsoluteError, maxAbsoluteValue } of await compareWithOriginal()) {
    const error = maxAbsoluteError.toExponential(1)
    process.stdout.write(`${node}: error ${error} of values up to ${maxAbsoluteValue.toFixed(1)}\n`)
  }
}
