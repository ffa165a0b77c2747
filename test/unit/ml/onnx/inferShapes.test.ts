/** Every shape rule against what onnxruntime really produces, and shape arithmetic that resolves. */
import { describe, expect, it } from 'vitest'
import type { Graph, TensorData } from '../../../../main/ml/onnx/graph.js'
import { float, GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { inferShapes } from '../../../../main/ml/onnx/inferShapes.js'
import { shapeRules } from '../../../../main/ml/onnx/shapes/table.js'
import { exposeAll, type Feeds, floatTensor, intTensor, runGraph } from './runGraph.js'

/** Builds one node (or a few) on inputs of the given shapes; returns nothing, as all values are compared. */
type Build = (b: GraphBuilder, inputs: string[]) => unknown

interface Case {
  readonly inputs: readonly (readonly number[] | TensorData)[]
  readonly build: Build
  readonly opset?: number
}

function feedOf(input: readonly number[] | TensorData, index: number): TensorData {
  return 'data' in input ? input : floatTensor(input, index + 1)
}

async function compare({ inputs, build, opset }: Case): Promise<void> {
  const b = new GraphBuilder('case')
  const feeds: Feeds = {}
  const names = inputs.map((input, index) => {
    const tensor = feedOf(input, index)
    feeds[`x${index}`] = tensor
    return b.input(`x${index}`, tensor.type, tensor.dims)
  })
  build(b, names)
  const built = b.build()
  const graph: Graph = { ...built, opset: opset ?? built.opset }
  const values = inferShapes(graph)
  const exposed = exposeAll(graph)
  const outputs = exposed.outputs.map((o) => ({ ...o, ...values.get(o.name)! }))
  const results = await runGraph({ ...exposed, outputs }, feeds)
  const inferred = Object.keys(results).map((name) => [name, values.get(name)])
  const real = Object.entries(results).map(([name, { type, dims }]) => [
    name,
    { type, shape: dims },
  ])
  expect(inferred.map(([name, value]) => [name, typeof value === 'object' && pick(value)])).toEqual(
    real,
  )
}

function pick(value: object): object {
  const { type, shape } = value as { type: string; shape: readonly number[] }
  return { type, shape: [...shape] }
}

const one = (opType: string, attributes = {}, domain: '' | 'com.microsoft' = ''): Build => {
  return (b, inputs) => b.op(opType, inputs, attributes, domain)
}

const unary = (opTypes: string, inputs: Case['inputs'] = [[2, 3]]): Record<string, Case[]> =>
  Object.fromEntries(opTypes.split(' ').map((opType) => [opType, [{ inputs, build: one(opType) }]]))

const binary = (opTypes: string, a: Case['inputs'][0] = [4, 1, 3], b: Case['inputs'][0] = [2, 1]) =>
  unary(opTypes, [a, b])

const flags = (dims: readonly number[]): TensorData => ({
  type: 'bool',
  dims,
  data: Uint8Array.from({ length: dims.reduce((p, d) => p * d, 1) }, (_, i) => i % 2),
})

const reductions = Object.fromEntries(
  'ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceLogSumExp ReduceLogSum ReduceL1 ReduceL2 ReduceSumSquare'
    .split(' ')
    .map((opType): [string, Case[]] => [
      opType,
      [
        { inputs: [[2, 3, 4]], build: one(opType) },
        { inputs: [[2, 3, 4]], build: one(opType, { keepdims: 0 }) },
        { inputs: [[2, 3, 4]], build: one(opType, { noop_with_empty_axes: 1 }) },
        { inputs: [[2, 3, 4]], build: (b, [x]) => b.op(opType, [x!, b.ints([-1, 0])]) },
        {
          inputs: [[2, 3, 4]],
          build: (b, [x]) => b.op(opType, [x!, b.ints([1])], { keepdims: 0 }),
        },
      ],
    ]),
)

const cases: Record<string, Case[]> = {
  ...unary(
    'Neg Abs Sqrt Exp Log Erf Tanh Sigmoid Relu LeakyRelu Elu Selu Celu Clip Reciprocal Softplus Softsign ' +
      'Mish Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Floor Ceil Round Sign HardSwish ' +
      'HardSigmoid ThresholdedRelu Gelu Identity Trilu Softmax LogSoftmax Hardmax LpNormalization IsNaN IsInf',
  ),
  ...unary('Not', [flags([2, 3])]),
  ...binary(
    'Add Sub Mul Div Pow Min Max Sum Mean PRelu Less Greater LessOrEqual GreaterOrEqual Equal',
  ),
  ...binary('And Or Xor', flags([4, 1, 3]), flags([2, 1])),
  ...binary('Mod', intTensor([2, 2], [5, 6, 7, 8]), intTensor([2], [3, 4])),
  PRelu: [
    {
      inputs: [
        [4, 2, 3],
        [2, 1],
      ],
      build: one('PRelu'),
    },
  ],
  ...reductions,
  FastGelu: [{ inputs: [[2, 3]], build: one('FastGelu', {}, 'com.microsoft') }],
  QuickGelu: [{ inputs: [[2, 3]], build: one('QuickGelu', {}, 'com.microsoft') }],
  BiasGelu: [{ inputs: [[2, 3], [3]], build: one('BiasGelu', {}, 'com.microsoft') }],
  CumSum: [{ inputs: [[2, 3]], build: (b, [x]) => b.op('CumSum', [x!, b.ints([1])]) }],
  Where: [{ inputs: [flags([2, 1]), [3], [4, 1, 1]], build: one('Where') }],
  Dropout: [{ inputs: [[2, 3]], build: (b, [x]) => b.multi('Dropout', [x!], 2) }],
  Cast: [{ inputs: [[2, 3]], build: one('Cast', { to: 7 }) }],
  CastLike: [{ inputs: [[2, 3], intTensor([1], [0])], build: one('CastLike') }],
  MatMul: [
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
      build: one('MatMul'),
    },
    {
      inputs: [
        [5, 1, 2, 3],
        [4, 3, 6],
      ],
      build: one('MatMul'),
    },
    { inputs: [[3], [3, 4]], build: one('MatMul') },
    { inputs: [[5, 2, 3], [3]], build: one('MatMul') },
    { inputs: [[3], [3]], build: one('MatMul') },
  ],
  FusedMatMul: [
    {
      inputs: [
        [2, 3, 4],
        [2, 5, 3],
      ],
      build: one('FusedMatMul', { transA: 1, transB: 1, alpha: float(2) }, 'com.microsoft'),
    },
    {
      inputs: [
        [7, 2, 3],
        [4, 3],
      ],
      build: one('FusedMatMul', { transB: 1 }, 'com.microsoft'),
    },
  ],
  Gemm: [
    { inputs: [[3, 2], [4, 3], [4]], build: one('Gemm', { transA: 1, transB: 1 }) },
    {
      inputs: [
        [2, 3],
        [3, 4],
      ],
      build: one('Gemm'),
    },
  ],
  Einsum: [
    {
      inputs: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      build: one('Einsum', { equation: 'bij, bkj -> bik' }),
    },
    {
      inputs: [
        [3, 4],
        [4, 5],
      ],
      build: one('Einsum', { equation: 'ij,jk' }),
    },
  ],
  Conv: [
    {
      inputs: [[2, 4, 9, 8], [6, 2, 3, 2], [6]],
      build: one('Conv', { group: 2, strides: [2, 3], pads: [1, 0, 2, 1], dilations: [2, 1] }),
    },
    {
      inputs: [
        [1, 3, 7, 8],
        [4, 3, 3, 3],
      ],
      build: one('Conv', { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
    },
    {
      inputs: [
        [1, 3, 7],
        [4, 3, 3],
      ],
      build: one('Conv', { auto_pad: 'VALID' }),
    },
  ],
  ConvTranspose: [
    {
      inputs: [
        [2, 4, 5, 4],
        [4, 3, 3, 2],
      ],
      build: one('ConvTranspose', {
        group: 2,
        strides: [2, 3],
        pads: [1, 0, 0, 1],
        output_padding: [1, 2],
      }),
    },
    {
      inputs: [
        [1, 2, 5, 5],
        [2, 3, 3, 3],
      ],
      build: one('ConvTranspose', { strides: [2, 2], output_shape: [10, 10] }),
    },
    {
      inputs: [
        [1, 2, 5, 5],
        [2, 3, 3, 3],
      ],
      build: one('ConvTranspose', { strides: [2, 2], dilations: [2, 1] }),
    },
  ],
  MaxPool: [
    {
      inputs: [[1, 2, 8, 7]],
      build: (b, [x]) =>
        b.multi('MaxPool', [x!], 2, { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }),
    },
    {
      inputs: [[1, 2, 8, 7]],
      build: one('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    },
    {
      inputs: [[1, 2, 6, 6]],
      build: one('MaxPool', {
        kernel_shape: [2, 2],
        strides: [3, 3],
        ceil_mode: 1,
        pads: [0, 0, 1, 1],
      }),
    },
  ],
  AveragePool: [
    {
      inputs: [[1, 2, 8, 7]],
      build: one('AveragePool', { kernel_shape: [2, 2], strides: [2, 2] }),
    },
    {
      inputs: [[1, 2, 8, 7]],
      build: one('AveragePool', { kernel_shape: [3, 3], auto_pad: 'SAME_LOWER', strides: [2, 2] }),
    },
  ],
  GlobalAveragePool: [{ inputs: [[1, 2, 8, 7]], build: one('GlobalAveragePool') }],
  GlobalMaxPool: [{ inputs: [[1, 2, 8, 7]], build: one('GlobalMaxPool') }],
  ArgMax: [
    { inputs: [[2, 3]], build: one('ArgMax', { axis: -1 }) },
    { inputs: [[2, 3]], build: one('ArgMax', { axis: 0, keepdims: 0 }) },
  ],
  ArgMin: [{ inputs: [[2, 3]], build: one('ArgMin') }],
  LayerNormalization: [
    { inputs: [[2, 3, 4], [4], [4]], build: (b, x) => b.multi('LayerNormalization', x, 3) },
    {
      inputs: [
        [2, 3, 4],
        [3, 4],
      ],
      build: (b, x) => b.multi('LayerNormalization', x, 3, { axis: 1 }),
    },
  ],
  BatchNormalization: [
    { inputs: [[2, 3, 4], [3], [3], [3], [3]], build: one('BatchNormalization') },
  ],
  InstanceNormalization: [{ inputs: [[2, 3, 4], [3], [3]], build: one('InstanceNormalization') }],
  GroupNormalization: [
    {
      inputs: [[2, 4, 4], [4], [4]],
      build: one('GroupNormalization', { num_groups: 2 }),
      opset: 21,
    },
  ],
  Reshape: [
    { inputs: [[2, 3, 4]], build: (b, [x]) => b.op('Reshape', [x!, b.ints([0, -1, 2])]) },
    {
      inputs: [[2, 0, 4]],
      build: (b, [x]) => b.op('Reshape', [x!, b.ints([0, 8])], { allowzero: 1 }),
    },
  ],
  Flatten: [
    { inputs: [[2, 3, 4]], build: one('Flatten', { axis: -1 }) },
    { inputs: [[2, 3, 4]], build: one('Flatten', { axis: 0 }) },
  ],
  Squeeze: [
    { inputs: [[1, 3, 1]], build: one('Squeeze') },
    { inputs: [[1, 3, 1]], build: (b, [x]) => b.op('Squeeze', [x!, b.ints([-1])]) },
    { inputs: [[1, 3, 1]], build: one('Squeeze', { axes: [0] }), opset: 11 },
  ],
  Unsqueeze: [
    { inputs: [[2, 3]], build: (b, [x]) => b.op('Unsqueeze', [x!, b.ints([-1, 0])]) },
    { inputs: [[2, 3]], build: one('Unsqueeze', { axes: [1] }), opset: 11 },
  ],
  Transpose: [
    { inputs: [[2, 3, 4]], build: one('Transpose') },
    { inputs: [[2, 3, 4]], build: one('Transpose', { perm: [1, 2, 0] }) },
  ],
  Concat: [
    {
      inputs: [
        [2, 3],
        [2, 5],
      ],
      build: one('Concat', { axis: -1 }),
    },
  ],
  Split: [
    { inputs: [[2, 7]], build: (b, [x]) => b.multi('Split', [x!, b.ints([3, 4])], 2, { axis: 1 }) },
    { inputs: [[2, 7]], build: (b, [x]) => b.multi('Split', [x!], 3, { axis: 1, num_outputs: 3 }) },
    {
      inputs: [[2, 7]],
      build: (b, [x]) => b.multi('Split', [x!], 2, { axis: 1, split: [1, 6] }),
      opset: 11,
    },
  ],
  Slice: [
    ...[
      [[1], [2 ** 53 - 1], [1], [2]],
      [[-2], [-(2 ** 53 - 1)], [1], [-2]],
      [[100], [-100], [1], [-1]],
      [
        [3, -1],
        [1, 5],
        [1, 0],
        [1, 1],
      ],
      [
        [0, 1],
        [5, 3],
        [1, 0],
        [3, 1],
      ],
      [[-100], [3], [1], [1]],
    ].map(
      (bounds): Case => ({
        inputs: [[4, 5]],
        build: (b, [x]) => b.op('Slice', [x!, ...bounds.map((values) => b.ints(values))]),
      }),
    ),
    { inputs: [[4, 5]], build: (b, [x]) => b.op('Slice', [x!, b.ints([1]), b.ints([3])]) },
    { inputs: [[4, 5]], build: one('Slice', { starts: [1], ends: [3], axes: [1] }), opset: 9 },
  ],
  Pad: [
    { inputs: [[2, 3]], build: (b, [x]) => b.op('Pad', [x!, b.ints([1, 0, -1, 2])]) },
    { inputs: [[2, 3]], build: (b, [x]) => b.op('Pad', [x!, b.ints([1, 2]), '', b.ints([-1])]) },
    { inputs: [[2, 3]], build: one('Pad', { pads: [0, 1, 0, 1] }), opset: 10 },
  ],
  Expand: [{ inputs: [[3, 1]], build: (b, [x]) => b.op('Expand', [x!, b.ints([2, 1, 4])]) }],
  Tile: [{ inputs: [[2, 3]], build: (b, [x]) => b.op('Tile', [x!, b.ints([2, 3])]) }],
  Resize: [
    {
      inputs: [[1, 2, 3, 4]],
      build: (b, [x]) => b.op('Resize', [x!, '', '', b.ints([1, 2, 5, 6])]),
    },
    {
      inputs: [[1, 2, 3, 5]],
      build: (b, [x]) => {
        const scales = b.initializer('s', {
          type: 'float32',
          dims: [2],
          data: Float32Array.of(2, 0.5),
        })
        return b.op('Resize', [x!, '', scales], { axes: [2, 3] })
      },
    },
  ],
  DepthToSpace: [{ inputs: [[1, 8, 2, 3]], build: one('DepthToSpace', { blocksize: 2 }) }],
  SpaceToDepth: [{ inputs: [[1, 2, 4, 6]], build: one('SpaceToDepth', { blocksize: 2 }) }],
  Gather: [
    { inputs: [[4, 5], intTensor([2, 3], [0, 1, 2, 3, 0, 1])], build: one('Gather') },
    { inputs: [[4, 5], intTensor([], [-1])], build: one('Gather', { axis: 1 }) },
  ],
  TopK: [
    { inputs: [[2, 5]], build: (b, [x]) => b.multi('TopK', [x!, b.ints([3])], 2) },
    { inputs: [[4, 2]], build: (b, [x]) => b.multi('TopK', [x!, b.ints([1])], 2, { axis: 0 }) },
  ],
  GatherElements: [
    { inputs: [[2, 2], intTensor([2, 1], [0, 1])], build: one('GatherElements', { axis: 1 }) },
  ],
  GatherND: [
    { inputs: [[2, 3, 4], intTensor([2, 1], [1, 0])], build: one('GatherND') },
    { inputs: [[2, 3, 4], intTensor([2, 1], [1, 0])], build: one('GatherND', { batch_dims: 1 }) },
  ],
  ScatterElements: [
    { inputs: [[3, 3], intTensor([1, 2], [0, 2]), [1, 2]], build: one('ScatterElements') },
  ],
  ScatterND: [
    {
      inputs: [[4, 3], intTensor([2, 1], [1, 3]), [2, 3]],
      build: one('ScatterND', { reduction: 'add' }),
    },
  ],
  OneHot: [
    {
      inputs: [intTensor([2, 3], [0, 1, 2, 3, 0, 1]), [2]],
      build: (b, [i, values]) => b.op('OneHot', [i!, b.ints([5]), values!], { axis: 1 }),
    },
  ],
  Shape: [
    { inputs: [[2, 3, 4]], build: one('Shape') },
    { inputs: [[2, 3, 4]], build: one('Shape', { start: 1, end: -1 }) },
    { inputs: [[2, 3, 4]], build: one('Shape', { start: -9, end: 2 }) },
  ],
  Size: [{ inputs: [[2, 3]], build: one('Size') }],
  ConstantOfShape: [
    { inputs: [], build: (b) => b.op('ConstantOfShape', [b.ints([2, 3])]) },
    {
      inputs: [],
      build: (b) => b.op('ConstantOfShape', [b.ints([2])], { value: intTensor([1], [7]) }),
    },
  ],
  Range: [
    {
      inputs: [],
      build: (b) => {
        const limits = [9, 1, -3].map((v, i) => b.initializer(`r${i}`, intTensor([], [v])))
        return b.op('Range', limits)
      },
    },
  ],
}

describe('shape rules agree with onnxruntime', () => {
  it('covers the table', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(shapeRules).sort())
  })
  for (const [opType, list] of Object.entries(cases)) {
    for (const [index, example] of list.entries()) {
      it(`${opType} ${index}`, () => compare(example))
    }
  }
})

describe('shape arithmetic', () => {
  it('resolves a Reshape and an Expand whose shapes are computed', async () => {
    await compare({
      inputs: [[6, 3, 8]],
      build: (b, [x]) => {
        const shape = b.op('Shape', [x!])
        const batch = b.op('Gather', [shape, b.ints([0])])
        const half = b.op('Div', [batch, b.ints([2])])
        const wanted = b.op('Concat', [half, b.ints([2, -1])], { axis: 0 })
        const y = b.op('Reshape', [x!, wanted])
        const mask = b.op('ConstantOfShape', [b.op('Slice', [shape, b.ints([1]), b.ints([3])])])
        const flags = b.op('Equal', [wanted, b.ints([-1])])
        const positive = b.op('Where', [flags, b.ints([1]), wanted])
        return [b.op('Expand', [b.scalar(1), positive]), b.op('Add', [mask, mask]), y]
      },
    })
  })

  it('fixes named dimensions wherever they stand', () => {
    const b = new GraphBuilder('named')
    const x = b.input('x', 'float32', ['batch', 4])
    const y = b.input('y', 'float32', ['batch', 1])
    const z = b.op('Add', [x, y])
    b.output(z, 'float32', ['batch', 4])
    const graph = b.build()
    expect(inferShapes(graph, { x: [3, 4] }).get(z)).toEqual({ type: 'float32', shape: [3, 4] })
    const failing: [Record<string, number[]>, RegExp][] = [
      [{}, /no size is given for the dimension "batch"/],
      [{ x: [3, 5] }, /does not fit/],
      [{ x: [3, 4], y: [2, 1] }, /does not fit/],
    ]
    for (const [shapes, message] of failing) {
      expect(() => inferShapes(graph, shapes)).toThrowError(message)
    }
  })

  it('names the operator that it does not know and the node that does not fit', () => {
    const nonZero = new GraphBuilder('g')
    nonZero.op('NonZero', [nonZero.input('x', 'float32', [3])])
    expect(() => inferShapes(nonZero.build())).toThrowError(
      expect.objectContaining({
        code: 'OP_UNSUPPORTED',
        data: { opType: 'NonZero', opset: 20, where: 'shape inference' },
      }),
    )
    const wrong = new GraphBuilder('g')
    wrong.op('MatMul', [wrong.input('x', 'float32', [3, 4]), wrong.input('y', 'float32', [3, 4])])
    expect(() => inferShapes(wrong.build())).toThrowError(/MatMul.*do not multiply/)
    const runtime = new GraphBuilder('g')
    runtime.op('Reshape', [runtime.input('x', 'float32', [4]), runtime.input('s', 'int64', [1])])
    expect(() => inferShapes(runtime.build())).toThrowError(/depends on the values/)
  })
})
