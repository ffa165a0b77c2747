/** Builds the image encoder: pixels or frozen features in, embeddings out. */
import type {
  Architecture,
  FeaturesArchitecture,
  StageArchitecture,
  VitArchitecture,
} from '../architecture.js'
import { activate, layerNorm, linear, mlp } from './layers.js'
import { cutPatches } from './patches.js'
import { writeProjection } from './projection.js'
import { type Tower, TowerBuilder } from './towerBuilder.js'
import { type TokenLayout, transformer } from './transformer.js'

/** The image tower: `pixel_values` [batch, 3, size, size] or `features` -> `image_embeds`. */
export function buildImageTower(architecture: Architecture, seed: number): Tower {
  const b = new TowerBuilder('image_encoder', seed)
  const { image } = architecture
  const pooled =
    image.kind === 'vit' ? writeVit(b, image, architecture) : writeHead(b, image, architecture)
  return writeProjection(b, pooled, architecture, 'image_embeds')
}

/** A pooled value [batch, width]. */
interface Pooled {
  readonly value: string
  readonly width: number
}

function writeVit(b: TowerBuilder, vit: VitArchitecture, { block }: Architecture): Pooled {
  const pixels = b.input('pixel_values', 'float32', ['batch', 3, vit.imageSize, vit.imageSize])
  const first = vit.stages[0]!
  let side = vit.imageSize / vit.patchSize
  let x = embedPatches(b, vit, pixels, side)
  if (vit.pooling === 'cls') x = prependClassToken(b, x, first.width, side * side)
  const extra = vit.pooling === 'cls' ? 1 : 0
  x = addPositions(b, x, first.width, side * side + extra)
  vit.stages.forEach((stage, i) => {
    if (i > 0) {
      const from = 4 * vit.stages[i - 1]!.width
      side /= 2
      const merged = b.op('Reshape', [x, b.ints([-1, from])])
      x = linear(b, `merge.${i}`, merged, from, stage.width)
    }
    const layout = fixedLayout(b, side * side + extra, vit.pooling === 'cls')
    x = transformer(b, `stages.${i}`, x, stage, block, layout)
  })
  const { width } = vit.stages.at(-1)!
  if (vit.pooling === 'mean') x = meanOverTokens(b, x, width, side * side)
  return { value: layerNorm(b, 'norm', x, width), width }
}

/** Pixels to the first stage's tokens, flat. */
function embedPatches(b: TowerBuilder, vit: VitArchitecture, pixels: string, side: number): string {
  const merges = vit.stages.length - 1
  const { width } = vit.stages[0]!
  if (vit.stem === 'patch') {
    const grid = { channels: 3, side, patch: vit.patchSize, merges }
    return linear(b, 'patch', cutPatches(b, pixels, grid), 3 * vit.patchSize ** 2, width)
  }
  const half = convolve(b, 'stem.0', pixels, 3, vit.stemChannels)
  const quarter = convolve(b, 'stem.1', half, vit.stemChannels, 2 * vit.stemChannels)
  const grid = { channels: 2 * vit.stemChannels, side, patch: vit.patchSize / 4, merges }
  return linear(b, 'patch', cutPatches(b, quarter, grid), grid.channels * grid.patch ** 2, width)
}

/** A 3x3 convolution of stride 2 with ReLU, which halves each side. */
function convolve(b: TowerBuilder, name: string, x: string, from: number, to: number): string {
  const weight = b.normalWeight(`${name}.weight`, [to, from, 3, 3], (2 / (9 * from)) ** 0.5)
  const bias = b.vector(`${name}.bias`, to, 0)
  const shape = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }
  return activate(b, 'relu', b.op('Conv', [x, weight, bias], shape))
}

function prependClassToken(b: TowerBuilder, x: string, width: number, tokens: number): string {
  const token = b.normalWeight('class_token', [1, 1, width], width ** -0.5, { decay: false })
  const sequences = b.op('Reshape', [x, b.ints([-1, tokens, width])])
  const batch = b.op('Slice', [b.op('Shape', [sequences]), b.ints([0]), b.ints([1])])
  const tiles = b.op('Concat', [batch, b.ints([1, width])], { axis: 0 })
  return b.op('Concat', [b.op('Expand', [token, tiles]), sequences], { axis: 1 })
}

function addPositions(b: TowerBuilder, x: string, width: number, tokens: number): string {
  const positions = b.normalWeight('positions', [tokens, width], 0.02, { decay: false })
  const sequences = b.op('Reshape', [x, b.ints([-1, tokens, width])])
  return b.op('Reshape', [b.op('Add', [sequences, positions]), b.ints([-1, width])])
}

/** A layout of `tokens` tokens per sequence; with `takeFirst`, the first one is the pooled token. */
function fixedLayout(b: TowerBuilder, tokens: number, takeFirst: boolean): TokenLayout {
  const headsShape = (stage: StageArchitecture) =>
    b.ints([-1, tokens, stage.heads, stage.width / stage.heads])
  if (!takeFirst) return { headsShape }
  const pool = (x: string, width: number) => {
    const sequences = b.op('Reshape', [x, b.ints([-1, tokens, width])])
    const first = b.op('Slice', [sequences, b.ints([0]), b.ints([1]), b.ints([1])])
    return b.op('Reshape', [first, b.ints([-1, width])])
  }
  return { headsShape, pool }
}

function meanOverTokens(b: TowerBuilder, x: string, width: number, tokens: number): string {
  const sequences = b.op('Reshape', [x, b.ints([-1, tokens, width])])
  return b.op('ReduceMean', [sequences, b.ints([1])], { keepdims: 0 })
}

function writeHead(b: TowerBuilder, image: FeaturesArchitecture, { block }: Architecture): Pooled {
  const { head, featureDim } = image
  const features = b.input('features', 'float32', ['batch', ...featureDim])
  const channels = featureDim.at(-1)!
  const tokens = featureDim.length === 2 ? featureDim[0] : 1
  const flat = b.op('Reshape', [features, b.ints([-1, channels])])
  const normed = layerNorm(b, 'features_norm', flat, channels)
  if (head.kind === 'mlp') {
    const input = tokens === 1 ? normed : meanOverTokens(b, normed, channels, tokens)
    const shape = { from: channels, hidden: head.hidden, to: head.width }
    const value = layerNorm(b, 'norm', mlp(b, 'head', input, shape, block), head.width)
    return { value, width: head.width }
  }
  let x = linear(b, 'features_in', normed, channels, head.width)
  if (tokens > 1) x = addPositions(b, x, head.width, tokens)
  x = transformer(b, 'head', x, head, block, fixedLayout(b, tokens, false))
  if (tokens > 1) x = meanOverTokens(b, x, head.width, tokens)
  return { value: layerNorm(b, 'norm', x, head.width), width: head.width }
}
