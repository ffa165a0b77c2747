/** The frozen image backbone: pixels to one feature vector for each cell of a 7x7 grid. */
import type { GraphBuilder } from '../../../main/ml/onnx/graphBuilder.js'
import { addObjects, classMapNode, reachMapNode } from './addObjects.js'
import { convertNodes } from './convertNodes.js'
import type { TfjsModel } from './readTfjsModel.js'

/** Side of the pictures in pixels, and of the grid in cells. */
export const imageSize = 224
export const gridSize = 7
export const cellCount = gridSize * gridSize

/** A map taken from the model: which node, its channels, its side, how it is brought to 7x7. */
interface FeatureMap {
  readonly node: string
  readonly channels: number
  readonly side: number
  readonly pool: 'AveragePool' | 'MaxPool'
}

const trunk = 'tower_0/MobilenetV3'

/** From what is seen (edges, colours) to what it means (the 80 classes of COCO). */
export const featureMaps: readonly FeatureMap[] = [
  {
    node: `${trunk}/expanded_conv_2/add`,
    channels: 24,
    side: 56,
    pool: 'AveragePool',
  },
  {
    node: `${trunk}/expanded_conv_5/add`,
    channels: 32,
    side: 28,
    pool: 'AveragePool',
  },
  {
    node: `${trunk}/expanded_conv_11/add`,
    channels: 88,
    side: 14,
    pool: 'AveragePool',
  },
  {
    node: 'tower_0/extern1/hard_swish/mul_1',
    channels: 480,
    side: 7,
    pool: 'AveragePool',
  },
  {
    node: classMapNode,
    channels: 80,
    side: 56,
    pool: 'MaxPool',
  },
]

/** The mean colour of each cell, beside the maps. */
const colourChannels = 3
export const featureChannels = featureMaps.reduce((sum, map) => sum + map.channels, colourChannels)

/** How features are brought to one scale: mean 0, spread 1, clipped. */
export interface FeatureScale {
  /** One number for each channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly limit: number
}

const featureNodes = featureMaps.map((map) => map.node)

/**
 * Adds the backbone to a graph.
 *
 * @param pixels `[batch, 3, 224, 224]`, RGB from 0 to 1
 * @param scale null leaves the features as they are
 * @returns `[batch, 49, featureChannels]`, cells row by row
 */
export function addBackbone(
  builder: GraphBuilder,
  model: TfjsModel,
  pixels: string,
  scale: FeatureScale | null,
): string {
  const image = builder.op('Mul', [pixels, builder.scalar(255)])
  const maps = convertNodes(model, builder, image, featureNodes)
  return joinMaps(builder, maps, pixels, scale)
}

/** The same with the things that the detector finds: `objects` as of `addObjects`. */
export function addBackboneWithObjects(
  builder: GraphBuilder,
  model: TfjsModel,
  pixels: string,
  scale: FeatureScale | null,
): { features: string; objects: string } {
  const image = builder.op('Mul', [pixels, builder.scalar(255)])
  const wanted = [...featureNodes, classMapNode, reachMapNode]
  const values = convertNodes(model, builder, image, wanted)
  const [classMaps, reachMaps] = values.slice(-2) as [string, string]
  return {
    features: joinMaps(builder, values.slice(0, -2), pixels, scale),
    objects: addObjects(builder, classMaps, reachMaps),
  }
}

/** @param values the feature maps, in the order of `featureMaps` */
function joinMaps(
  builder: GraphBuilder,
  values: readonly string[],
  pixels: string,
  scale: FeatureScale | null,
): string {
  const maps = values.map((value, i) =>
    poolToGrid(builder, value, featureMaps[i]!.side, featureMaps[i]!.pool),
  )
  const colours = meanColours(builder, pixels)
  const joined = builder.op('Concat', [...maps, colours], { axis: 1 })
  const flat = builder.op('Reshape', [joined, builder.ints([0, featureChannels, cellCount])])
  const cells = builder.op('Transpose', [flat], { perm: [0, 2, 1] })
  return scale === null ? cells : standardise(builder, cells, scale)
}

/** As products, which onnxruntime computes much faster than AveragePool over windows of 32x32. */
function meanColours(builder: GraphBuilder, pixels: string): string {
  const cell = imageSize / gridSize
  const share = (pixel: number, place: number) =>
    Math.floor(pixel / cell) === place ? 1 / cell : 0
  const across = builder.initializer('features/across', {
    type: 'float32',
    dims: [imageSize, gridSize],
    data: Float32Array.from({ length: imageSize * gridSize }, (_, i) =>
      share(Math.floor(i / gridSize), i % gridSize),
    ),
  })
  const down = builder.initializer('features/down', {
    type: 'float32',
    dims: [gridSize, imageSize],
    data: Float32Array.from({ length: gridSize * imageSize }, (_, i) =>
      share(i % imageSize, Math.floor(i / imageSize)),
    ),
  })
  return builder.op('MatMul', [down, builder.op('MatMul', [pixels, across])])
}

function standardise(builder: GraphBuilder, cells: string, scale: FeatureScale): string {
  const perChannel = (name: string, values: Float32Array) =>
    builder.initializer(name, { type: 'float32', dims: [values.length], data: values })
  const mean = perChannel('features/mean', Float32Array.from(scale.mean))
  const factor = perChannel(
    'features/factor',
    Float32Array.from(scale.std, (std) => 1 / std),
  )
  const scaled = builder.op('Mul', [builder.op('Sub', [cells, mean]), factor])
  const limits = [builder.scalar(-scale.limit), builder.scalar(scale.limit)]
  return builder.op('Clip', [scaled, ...limits])
}

function poolToGrid(
  builder: GraphBuilder,
  value: string,
  side: number,
  pool: 'AveragePool' | 'MaxPool',
): string {
  if (side === gridSize) return value
  const cell = side / gridSize
  return builder.op(pool, [value], { kernel_shape: [cell, cell], strides: [cell, cell] })
}
