/**
 * The encoders of a CLIP in float64, written out from their definition (Radford et al. 2021; Dosovitskiy
 * et al. 2021) for one picture or text at a time. Nothing here is shared with what is tested: no graph,
 * no operator, no derivative.
 */
import type { Architecture } from '../../../main/ml/clip/architecture.js'

/** Weights by their names in the towers' graphs, row-major [from, to]. */
export type Weights = ReadonlyMap<string, Float64Array>

/** Tokens, each of as many numbers as the encoder is wide. */
type Rows = readonly (readonly number[])[]

/** The embedding of a picture of [3, size, size] numbers. */
export function embedPicture(
  weights: Weights,
  { image }: Architecture,
  pixels: Float64Array,
): readonly number[] {
  if (image.kind !== 'vit' || image.stages.length > 1) throw new RangeError('no plain ViT')
  const [{ heads, layers }] = image.stages as [(typeof image.stages)[0]]
  const patches = linear(weights, 'patch', cutPatches(pixels, image))
  const tokens = [Array.from(weights.get('class_token')!), ...patches]
  const x = runBlocks(weights, 'stages.0', addPositions(weights, tokens), { heads, layers })
  return project(weights, x[0]!)
}

/** The embedding of a text's token ids; its end is the token with the highest id. */
export function embedText(
  weights: Weights,
  { text }: Architecture,
  ids: readonly number[],
): readonly number[] {
  const { heads, layers, width } = text
  const table = weights.get('token_embedding')!
  const tokens = ids.map((id) => Array.from(table.subarray(id * width, (id + 1) * width)))
  const options = { heads, layers, causal: true }
  const x = runBlocks(weights, 'blocks', addPositions(weights, tokens), options)
  return project(weights, x[ids.indexOf(Math.max(...ids))]!)
}

/** Row by row of patches, each as its red, green and blue numbers. */
function cutPatches(
  pixels: Float64Array,
  { imageSize, patchSize }: { readonly imageSize: number; readonly patchSize: number },
): Rows {
  const starts = range(imageSize / patchSize).map((i) => i * patchSize)
  const pixel = (channel: number, y: number, x: number) =>
    pixels[(channel * imageSize + y) * imageSize + x]!
  return starts.flatMap((top) =>
    starts.map((left) =>
      range(3).flatMap((channel) =>
        range(patchSize).flatMap((y) =>
          range(patchSize).map((x) => pixel(channel, top + y, left + x)),
        ),
      ),
    ),
  )
}

function addPositions(weights: Weights, x: Rows): Rows {
  const positions = weights.get('positions')!
  return x.map((row, i) => row.map((value, j) => value + positions[i * row.length + j]!))
}

interface Blocks {
  readonly heads: number
  readonly layers: number
  readonly causal?: boolean
}

/** Pre-norm blocks: x + attention(norm x), then x + mlp(norm x). */
function runBlocks(weights: Weights, name: string, tokens: Rows, options: Blocks): Rows {
  return range(options.layers).reduce((x, i) => {
    const block = `${name}.${i}`
    const attended = attend(
      weights,
      `${block}.attention`,
      norm(weights, `${block}.norm1`, x),
      options,
    )
    const middle = add(x, attended)
    const hidden = linear(weights, `${block}.mlp.in`, norm(weights, `${block}.norm2`, middle))
    const active = hidden.map((row) => row.map((value) => value / (1 + Math.exp(-1.702 * value))))
    return add(middle, linear(weights, `${block}.mlp.out`, active))
  }, tokens)
}

/** softmax(q k' / sqrt d) v for each head; causal, a token sees none after it. */
function attend(weights: Weights, name: string, x: Rows, { heads, causal }: Blocks): Rows {
  const [query, key, value] = ['query', 'key', 'value'].map((role) =>
    linear(weights, `${name}.${role}`, x),
  ) as [Rows, Rows, Rows]
  const size = x[0]!.length / heads
  const ofHead = (row: readonly number[], head: number) => row.slice(head * size, (head + 1) * size)
  const mixed = query.map((own, i) =>
    range(heads).flatMap((head) => {
      const seen = range(causal ? i + 1 : x.length)
      const scores = seen.map(
        (j) => dot(ofHead(own, head), ofHead(key[j]!, head)) / Math.sqrt(size),
      )
      const shares = softmax(scores)
      return range(size).map((k) =>
        dot(
          shares,
          seen.map((j) => value[j]![head * size + k]!),
        ),
      )
    }),
  )
  return linear(weights, `${name}.output`, mixed)
}

/** The last norm and the projection into the shared space. */
function project(weights: Weights, token: readonly number[]): readonly number[] {
  return linear(weights, 'projection', norm(weights, 'norm', [token]))[0]!
}

/** x W, plus a bias where the layer has one. */
function linear(weights: Weights, name: string, x: Rows): Rows {
  const weight = weights.get(`${name}.weight`)!
  const bias = weights.get(`${name}.bias`)
  const to = weight.length / x[0]!.length
  return x.map((row) =>
    range(to).map((j) =>
      row.reduce((sum, value, i) => sum + value * weight[i * to + j]!, bias?.[j] ?? 0),
    ),
  )
}

function norm(weights: Weights, name: string, x: Rows): Rows {
  const [scale, bias] = [weights.get(`${name}.scale`)!, weights.get(`${name}.bias`)!]
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
    return row.map(
      (value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[j]! + bias[j]!,
    )
  })
}

function softmax(scores: readonly number[]): readonly number[] {
  const largest = Math.max(...scores)
  const parts = scores.map((score) => Math.exp(score - largest))
  const sum = parts.reduce((a, b) => a + b, 0)
  return parts.map((part) => part / sum)
}

function add(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((value, j) => value + b[i]![j]!))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
