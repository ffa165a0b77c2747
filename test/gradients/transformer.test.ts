/** A whole small encoder with its loss, against finite differences along random directions. */
import { expect, test } from 'vitest'
import { buildGradient } from '../../main/ml/autodiff/buildGradient.js'
import type { Graph, TensorData } from '../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../main/ml/onnx/graphBuilder.js'
import type { Tensors } from '../../main/ml/runtime/session.js'
import { floatsOf, openGraph } from '../support/gradientCheck.js'
import { uniform } from '../support/random.js'

const [batch, tokens, width, heads, vocabulary, channels] = [3, 5, 8, 2, 11, 3]
const random = uniform(7)
const weights = new Map<string, TensorData>()

/** Declares a weight of a given size around `centre`. */
function weight(builder: GraphBuilder, name: string, dims: number[], centre = 0): string {
  const size = dims.reduce((product, dim) => product * dim, 1)
  const data = Float32Array.from({ length: size }, () => centre + 0.8 * (random() - 0.5))
  const value: TensorData = { type: 'float32', dims, data }
  weights.set(name, value)
  return builder.initializer(name, value)
}

function linear(builder: GraphBuilder, name: string, x: string, from: number, to: number): string {
  const product = builder.op('MatMul', [x, weight(builder, `${name}.weight`, [from, to])])
  return builder.op('Add', [product, weight(builder, `${name}.bias`, [to])])
}

function norm(builder: GraphBuilder, name: string, x: string): string {
  const inputs = [
    x,
    weight(builder, `${name}.gamma`, [width], 1),
    weight(builder, `${name}.beta`, [width]),
  ]
  return builder.op('LayerNormalization', inputs, { axis: -1, epsilon: float(1e-5) })
}

/** Masked self-attention and a perceptron, each with a residual; x is [batch, tokens, width]. */
function block(builder: GraphBuilder, name: string, x: string, mask: string): string {
  const size = width / heads
  const projected = linear(
    builder,
    `${name}.qkv`,
    norm(builder, `${name}.norm1`, x),
    width,
    3 * width,
  )
  const split = builder.op('Reshape', [projected, builder.ints([batch, tokens, 3, heads, size])])
  const turned = builder.op('Transpose', [split], { perm: [2, 0, 3, 1, 4] })
  const parts = builder.multi('Split', [turned, builder.ints([1, 1, 1])], 3, { axis: 0 })
  const [q, k, v] = parts.map((part) => builder.op('Squeeze', [part, builder.ints([0])]))
  const attributes = { transB: 1, alpha: float(1 / Math.sqrt(size)) }
  const scores = builder.op('FusedMatMul', [q!, k!], attributes, 'com.microsoft')
  const masked = builder.op('Where', [mask, scores, builder.scalar(-1e9)])
  const mixed = builder.op('MatMul', [builder.op('Softmax', [masked], { axis: -1 }), v!])
  const joined = builder.op('Reshape', [
    builder.op('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    builder.ints([batch, tokens, width]),
  ])
  const attended = builder.op('Add', [x, linear(builder, `${name}.out`, joined, width, width)])
  const inner = linear(
    builder,
    `${name}.up`,
    norm(builder, `${name}.norm2`, attended),
    width,
    2 * width,
  )
  const outer = linear(builder, `${name}.down`, builder.op('Gelu', [inner]), 2 * width, width)
  return builder.op('Add', [attended, outer])
}

function causalMask(builder: GraphBuilder): string {
  const data = Uint8Array.from({ length: tokens ** 2 }, (_, i) =>
    Number(i % tokens <= Math.floor(i / tokens)),
  )
  return builder.initializer('mask', { type: 'bool', dims: [1, 1, tokens, tokens], data })
}

/** Unit rows of shape [batch, width]. */
function unitRows(builder: GraphBuilder, x: string): string {
  const norms = builder.op('ReduceL2', [x, builder.ints([-1])], { keepdims: 1 })
  return builder.op('Div', [x, builder.op('Clip', [norms, builder.scalar(1e-12)])])
}

/** Token ids and pictures in, the loss of matching them out. */
function buildPair(): Graph {
  const builder = new GraphBuilder('pair')
  const ids = builder.input('ids', 'int64', [batch, tokens])
  const pixels = builder.input('pixels', 'float32', [batch, channels, 4, 4])
  const mask = causalMask(builder)
  const embedded = builder.op('Gather', [weight(builder, 'tokens', [vocabulary, width]), ids])
  let text = builder.op('Add', [embedded, weight(builder, 'positions', [tokens, width])])
  for (const name of ['block1', 'block2']) text = block(builder, name, text, mask)
  const pooled = builder.op('Gather', [text, last(builder)], { axis: 1 })
  const kernel = weight(builder, 'patch', [width, channels, 2, 2])
  const patches = builder.op('Conv', [pixels, kernel, weight(builder, 'patch.bias', [width])], {
    strides: [2, 2],
  })
  const image = builder.op(
    'ReduceMean',
    [builder.op('HardSwish', [patches]), builder.ints([2, 3])],
    {
      keepdims: 0,
    },
  )
  builder.output(
    contrast(builder, unitRows(builder, pooled), unitRows(builder, image)),
    'float32',
    [],
    'loss',
  )
  return builder.build()
}

function last(builder: GraphBuilder): string {
  return builder.initializer('last', { type: 'int64', dims: [], data: BigInt64Array.of(-1n) })
}

/** Cross-entropy of the scaled cosines against the diagonal. */
function contrast(builder: GraphBuilder, text: string, image: string): string {
  const cosines = builder.op('FusedMatMul', [text, image], { transB: 1 }, 'com.microsoft')
  const scale = builder.op('Exp', [weight(builder, 'logitScale', [], 1)])
  const logs = builder.op('LogSoftmax', [builder.op('Mul', [cosines, scale])], { axis: -1 })
  const identity = Float32Array.from({ length: batch ** 2 }, (_, i) =>
    Number(i % (batch + 1) === 0),
  )
  const matches = builder.initializer('matches', {
    type: 'float32',
    dims: [batch, batch],
    data: identity,
  })
  const sum = builder.op('ReduceSum', [builder.op('Mul', [logs, matches])], { keepdims: 0 })
  return builder.op('Mul', [sum, builder.scalar(-1 / batch)])
}

test('the loss of a two-layer text transformer and a patch encoder', async () => {
  const graph = buildPair()
  const wrt = [...weights.keys(), 'pixels']
  const session = await openGraph(
    buildGradient(graph, { wrt, outputs: ['loss'], cotangents: 'ones' }),
  )
  const ids = BigInt64Array.from({ length: batch * tokens }, () =>
    BigInt(Math.floor(random() * vocabulary)),
  )
  const pixels = Float32Array.from({ length: batch * channels * 16 }, random)
  const feeds: Tensors = {
    ...Object.fromEntries(weights),
    ids: { type: 'int64', dims: [batch, tokens], data: ids },
    pixels: { type: 'float32', dims: [batch, channels, 4, 4], data: pixels },
  }
  const results = await session.run(feeds)
  const lossAt = async (moved: Tensors): Promise<number> =>
    floatsOf((await session.run({ ...feeds, ...moved }, ['loss'])).loss!)[0]!
  for (const name of wrt) {
    const gradient = floatsOf(results[`gradient/${name}`]!)
    const base = floatsOf(feeds[name]!)
    const length = Math.hypot(...gradient)
    // Along the gradient itself the slope is its length, the largest there is and so the clearest.
    const along = (step: number): TensorData => ({
      type: 'float32',
      dims: feeds[name]!.dims,
      data: Float32Array.from(base, (x, i) => x + (step * gradient[i]!) / length),
    })
    const step = 0.02
    const near = (await lossAt({ [name]: along(step) })) - (await lossAt({ [name]: along(-step) }))
    const far =
      (await lossAt({ [name]: along(2 * step) })) - (await lossAt({ [name]: along(-2 * step) }))
    const slope = (8 * near - far) / (12 * step)
    expect(Math.abs(slope - length), `${name}: ${length}, not ${slope}`).toBeLessThan(
      1e-4 + 5e-3 * length,
    )
  }
  await session.dispose()
})
