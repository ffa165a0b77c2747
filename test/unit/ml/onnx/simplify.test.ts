/** Simplified graphs are shorter and give the same outputs; constants agree with onnxruntime. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dropDeadNodes } from '../../../../main/ml/onnx/dropDeadNodes.js'
import type { ElementType, Graph, TensorData } from '../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { inferValues } from '../../../../main/ml/onnx/inferShapes.js'
import { simplify } from '../../../../main/ml/onnx/simplify.js'
import { exposeAll, floatTensor, intTensor, runGraph } from './runGraph.js'

/** Causal attention as an exporter writes it: shapes, masks and scales computed in the graph. */
function exportedAttention(): Graph {
  const b = new GraphBuilder('attention')
  const x = b.input('x', 'float32', ['batch', 'length', 8])
  const shape = b.op('Shape', [x])
  const length = b.op('Gather', [shape, b.initializer('one', intTensor([], [1]))])
  const square = b.op(
    'Concat',
    [b.op('Unsqueeze', [length, b.ints([0])]), b.op('Slice', [shape, b.ints([1]), b.ints([2])])],
    { axis: 0 },
  )
  const minus = { type: 'float32', dims: [1], data: Float32Array.of(-1e9) } as const
  const mask = b.op('Trilu', [
    b.op('ConstantOfShape', [square], { value: minus }),
    b.initializer('k', intTensor([], [1])),
  ])
  const split = b.op('Concat', [b.op('Slice', [shape, b.ints([0]), b.ints([2])]), b.ints([2, 4])], {
    axis: 0,
  })
  const heads = b.op('Transpose', [b.op('Reshape', [b.op('Identity', [x]), split])], {
    perm: [0, 2, 1, 3],
  })
  const keys = b.op('Transpose', [heads], { perm: [0, 1, 3, 2] })
  const width = b.op('Cast', [b.op('Div', [b.op('Gather', [shape, b.ints([-1])]), b.ints([2])])], {
    to: 1,
  })
  const scores = b.op('Div', [b.op('MatMul', [heads, keys]), b.op('Sqrt', [width])])
  const weights = b.op('Dropout', [b.op('Softmax', [b.op('Add', [scores, mask])], { axis: -1 })])
  const mixed = b.op('Transpose', [b.op('MatMul', [weights, heads])], { perm: [0, 2, 1, 3] })
  const y = b.op('Mul', [b.op('Reshape', [mixed, shape]), b.initializer('gain', floatTensor([8]))])
  b.op('Exp', [y])
  b.output(y, 'float32', ['batch', 'length', 8], 'out')
  return b.build()
}

const opTypes = (graph: Graph) => graph.nodes.map(({ opType }) => opType)

describe('simplify', () => {
  it('leaves only what depends on the input, with the same outputs', async () => {
    const graph = exportedAttention()
    const simple = simplify(graph, { inputShapes: { x: [2, 5, 8] } })
    expect(opTypes(simple)).toEqual(
      'Reshape Transpose Transpose MatMul Div Add Softmax MatMul Transpose Reshape Mul Identity'.split(
        ' ',
      ),
    )
    expect(simple.inputs[0]!.shape).toEqual([2, 5, 8])
    expect(simple.outputs).toEqual([{ name: 'out', type: 'float32', shape: [2, 5, 8] }])
    const feeds = { x: floatTensor([2, 5, 8]) }
    expect(await runGraph(simple, feeds)).toEqual(await runGraph(graph, feeds))
    expect(simplify(simple)).toEqual(simple)
  })

  it('keeps weights that are trained out of the folding, under their names', async () => {
    const b = new GraphBuilder('weights')
    const x = b.input('x', 'float32', [2, 3])
    const w = b.initializer('w', floatTensor([4, 3]))
    const y = b.op('MatMul', [x, b.op('Transpose', [w], { perm: [1, 0] })])
    const kept = b.op('Identity', [y])
    b.output(b.op('Relu', [kept]), 'float32', [2, 4])
    const unused = b.initializer('unused', floatTensor([2]))
    const graph = b.build()
    expect(opTypes(simplify(graph))).toEqual(['MatMul', 'Relu'])
    expect(simplify(graph).initializers.has('w')).toBe(false)
    const trained = simplify(graph, { keep: [w, kept, unused] })
    expect(opTypes(trained)).toEqual(['Transpose', 'MatMul', 'Identity', 'Relu'])
    expect([...trained.initializers.keys()]).toEqual(['w', 'unused'])
    const feeds = { x: floatTensor([2, 3]) }
    expect(await runGraph(simplify(graph), feeds)).toEqual(await runGraph(graph, feeds))
  })

  it('does not take for an identity what moves or drops elements', () => {
    const b = new GraphBuilder('moves')
    const x = b.input('x', 'float32', [3, 3])
    const flipped = b.op('Slice', [x, b.ints([-1]), b.ints([-9]), b.ints([0]), b.ints([-1])])
    const turned = b.op('Transpose', [flipped])
    const yes = b.initializer('yes', { type: 'bool', dims: [], data: Uint8Array.of(1) })
    const dropped = b.op('Dropout', [turned, b.scalar(0.5), yes])
    const noop = b.op('Slice', [b.op('Cast', [dropped], { to: 1 }), b.ints([0]), b.ints([3])])
    b.output(b.op('Relu', [noop]), 'float32', [3, 3])
    expect(opTypes(simplify(b.build()))).toEqual(['Slice', 'Transpose', 'Dropout', 'Relu'])
  })

  it('keeps outputs that are constant, or an input', async () => {
    const b = new GraphBuilder('constant')
    const x = b.input('x', 'float32', [2])
    b.output(b.op('Shape', [x]), 'int64', [1], 'shape')
    b.output(x, 'float32', [2], 'same')
    const feeds = { x: floatTensor([2]) }
    expect(await runGraph(simplify(b.build()), feeds)).toEqual(await runGraph(b.build(), feeds))
  })
})

describe('dropDeadNodes', () => {
  it('keeps what the outputs named need', () => {
    const b = new GraphBuilder('two')
    const x = b.input('x', 'float32', [2])
    const w = b.initializer('w', floatTensor([2]))
    const p = b.op('Add', [x, w])
    const q = b.op('Neg', [x])
    b.output(p, 'float32', [2])
    b.output(q, 'float32', [2])
    const cut = dropDeadNodes(b.build(), [q])
    expect(opTypes(cut)).toEqual(['Neg'])
    expect(cut.outputs.map(({ name }) => name)).toEqual([q])
    expect(cut.initializers.size).toBe(0)
    expect(cut.inputs).toHaveLength(1)
  })
})

/** Builds nodes on constants; every value that is computed beforehand is compared with onnxruntime's. */
async function compareConstants(build: (b: GraphBuilder) => unknown, fewest = 1): Promise<void> {
  const b = new GraphBuilder('constants')
  build(b)
  const graph = b.build()
  const values = inferValues(graph)
  const exposed = exposeAll(graph)
  const outputs = exposed.outputs.map((o) => ({ ...o, ...values.get(o.name)! }))
  const results = await runGraph({ ...exposed, outputs }, {})
  const known = Object.entries(results).filter(([name]) => values.get(name)!.tensor)
  expect(known.length).toBeGreaterThanOrEqual(fewest)
  for (const [name, { type, dims, data }] of known) {
    const { tensor } = values.get(name)!
    expect({ name, type: tensor!.type, dims: [...tensor!.dims], data: [...tensor!.data] }).toEqual({
      name,
      type,
      dims: [...dims],
      data: [...data],
    })
  }
}

const tensor = (
  type: ElementType,
  dims: readonly number[],
  values: readonly number[],
): TensorData => {
  if (type === 'int64') return intTensor(dims, values)
  const data = type === 'float32' ? Float32Array.from(values) : Int32Array.from(values)
  return { type, dims, data } as TensorData
}

const integers = fc.integer({ min: -1000, max: 1000 })
const positives = fc.integer({ min: 1, max: 50 })
const numbers = fc.float({ min: -1000, max: 1000, noNaN: true })

describe('constants', () => {
  it('agree with onnxruntime for integers', async () => {
    const list = fc.array(integers, { minLength: 6, maxLength: 6 })
    const property = fc.asyncProperty(
      fc.constantFrom('int64' as const, 'int32' as const),
      list,
      fc.array(positives, { minLength: 3, maxLength: 3 }),
      (type, a, c) =>
        compareConstants((b) => {
          const x = b.initializer('x', tensor(type, [2, 3], a))
          const y = b.initializer('y', tensor(type, [3], c))
          for (const op of 'Add Sub Mul Div Mod Min Max Less Greater Equal LessOrEqual GreaterOrEqual'.split(
            ' ',
          )) {
            b.op(op, [x, y])
          }
          b.op('Mod', [x, y], { fmod: 1 })
          const small = b.op('Mod', [y, b.initializer('four', tensor(type, [], [4]))])
          b.op('Pow', [x, small])
          const odd = b.op('Equal', [
            b.op('Mod', [x, b.initializer('two', tensor(type, [], [2]))]),
            b.initializer('i', tensor(type, [], [1])),
          ])
          const logic = ['And', 'Or', 'Xor'].map((op) => b.op(op, [odd, b.op('Not', [odd])]))
          b.op('Where', [odd, x, y])
          for (const to of [1, 6, 7, 9, 11]) b.op('Cast', [x], { to })
          b.op('Cast', [logic[0]!], { to: 7 })
          for (const op of ['Neg', 'Abs']) b.op(op, [x])
          b.op('ReduceSum', [x], { keepdims: 0 })
          b.op('ReduceProd', [y])
          for (const upper of [0, 1]) b.op('Trilu', [x], { upper })
        }, 30),
    )
    await fc.assert(property, { numRuns: 15 })
  })

  it('agree with onnxruntime for floats', async () => {
    const list = fc.array(numbers, { minLength: 6, maxLength: 6 })
    const property = fc.asyncProperty(list, list, (a, c) =>
      compareConstants((b) => {
        const x = b.initializer('x', tensor('float32', [2, 3], a))
        const y = b.initializer('y', tensor('float32', [2, 3], c))
        for (const op of 'Add Sub Mul Min Max Less Greater Equal'.split(' ')) b.op(op, [x, y])
        b.op('Div', [x, b.op('Add', [b.op('Abs', [y]), b.scalar(1)])])
        for (const op of 'Neg Abs Floor Ceil'.split(' ')) b.op(op, [x])
        b.op('Sqrt', [b.op('Abs', [x])])
        for (const to of [6, 7, 9, 11]) b.op('Cast', [x], { to })
      }, 18),
    )
    await fc.assert(property, { numRuns: 15 })
  })

  it('agree with onnxruntime where elements only move', async () => {
    await compareConstants((b) => {
      const x = b.initializer('x', floatTensor([2, 3, 4]))
      const max = 2n ** 63n - 1n
      const big = b.initializer('big', { type: 'int64', dims: [1], data: BigInt64Array.of(max) })
      b.op('Transpose', [x])
      b.op('Transpose', [x], { perm: [1, 0, 2] })
      b.op('Reshape', [x, b.ints([4, 6])])
      b.op('Flatten', [x])
      b.op('Unsqueeze', [x, b.ints([1])])
      b.op('Gather', [x, b.ints([2, -1, 0])], { axis: 1 })
      b.op('Gather', [x, b.initializer('scalar', intTensor([], [1]))])
      b.op('Slice', [x, b.ints([-1]), b.ints([-9]), b.ints([2]), b.ints([-2])])
      b.op('Slice', [x, b.ints([1]), b.op('Identity', [big]), b.ints([1])])
      b.op('Concat', [x, x], { axis: 1 })
      b.op('Expand', [
        b.op('Slice', [x, b.ints([0]), b.ints([1]), b.ints([1])]),
        b.ints([2, 2, 3, 4]),
      ])
      b.multi('Split', [x, b.ints([1, 3])], 2, { axis: 2 })
      const limits = [2, 11, 3].map((v, i) => b.initializer(`r${i}`, intTensor([], [v])))
      b.op('Range', limits)
      b.op('ConstantOfShape', [b.ints([2, 2])], { value: intTensor([1], [-3]) })
      b.op('Clip', [x, '', b.op('Mul', [b.scalar(0.5), b.scalar(0.5)])])
    }, 18)
  })
})
