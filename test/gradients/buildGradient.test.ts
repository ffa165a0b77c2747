/** What the engine does around the rules: sharing, pruning, summing, naming, refusing. */
import { describe, expect, test } from 'vitest'
import { buildGradient } from '../../main/ml/autodiff/buildGradient.js'
import type { Graph, TensorData } from '../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../main/ml/onnx/graphBuilder.js'
import type { Tensors } from '../../main/ml/runtime/session.js'
import { checkGraphGradient, floatsOf, openGraph, withOutputs } from '../support/gradientCheck.js'

const tensor = (dims: readonly number[], ...values: number[]): TensorData => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
})

async function runOnce(graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session = await openGraph(graph)
  try {
    return await session.run(feeds)
  } finally {
    await session.dispose()
  }
}

const opTypes = (graph: Graph): string[] => graph.nodes.map(({ opType }) => opType)

describe('values used more than once', () => {
  test('a shared subexpression has one node for its gradient', async () => {
    const builder = new GraphBuilder('shared')
    const x = builder.input('x', 'float32', [3])
    const shared = builder.op('Tanh', [x])
    const left = builder.op('Exp', [shared])
    const right = builder.op('Mul', [shared, shared])
    const y = builder.op('Add', [left, right])
    const graph = withOutputs(builder.build(), [y])
    const gradient = buildGradient(graph, { wrt: ['x'], outputs: [y] })
    expect(opTypes(gradient).filter((opType) => opType === 'Sub')).toHaveLength(1)
    const feeds = { x: tensor([3], 0.3, -0.7, 1.1) }
    await checkGraphGradient({ graph, feeds, wrt: ['x'], outputs: [y] })
  })

  test('a parameter used twice gets the sum', async () => {
    const builder = new GraphBuilder('twice')
    const x = builder.input('x', 'float32', [2, 2])
    const w = builder.initializer('w', tensor([2, 2], 0.5, -0.2, 0.1, 0.9))
    const y = builder.op('MatMul', [builder.op('MatMul', [x, w]), w])
    const graph = withOutputs(builder.build(), [y])
    const feeds = { x: tensor([2, 2], 1, 2, 3, 4), w: tensor([2, 2], 0.5, -0.2, 0.1, 0.9) }
    await checkGraphGradient({ graph, feeds, wrt: ['w', 'x'], outputs: [y] })
  })

  test('several outputs add up', async () => {
    const builder = new GraphBuilder('outputs')
    const x = builder.input('x', 'float32', [4])
    const outputs = [builder.op('Exp', [x]), builder.op('Sin', [x])]
    const graph = withOutputs(builder.build(), outputs)
    await checkGraphGradient({ graph, feeds: { x: tensor([4], 1, 0, -1, 2) }, wrt: ['x'], outputs })
  })
})

test('what is computed from a trained value is no constant, whatever its first value', async () => {
  const builder = new GraphBuilder('exponent')
  const x = builder.input('x', 'float32', [3])
  const p = builder.initializer('p', tensor([], 1))
  const y = builder.op('Pow', [x, builder.op('Add', [p, builder.scalar(1)])])
  const graph = withOutputs(builder.build(), [y])
  const feeds = { x: tensor([3], 0.5, 1.2, 2), p: tensor([], 2.5) }
  await checkGraphGradient({ graph, feeds, wrt: ['x', 'p'], outputs: [y] })
})

describe('what is not trained', () => {
  const frozenBelow = (): { graph: Graph; y: string; hidden: string } => {
    const builder = new GraphBuilder('frozen')
    const x = builder.input('x', 'float32', [2, 3])
    const w = builder.initializer('w', tensor([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9))
    const v = builder.initializer('v', tensor([3, 1], 1, -1, 2))
    const hidden = builder.op('Gelu', [builder.op('MatMul', [x, w])])
    const y = builder.op('MatMul', [hidden, v])
    return { graph: withOutputs(builder.build(), [y]), y, hidden }
  }

  test('has no gradient nodes', () => {
    const { graph, y, hidden } = frozenBelow()
    const gradient = buildGradient(graph, { wrt: ['v'], outputs: [y] })
    const added = gradient.nodes.slice(graph.nodes.length)
    expect(added.map(({ opType }) => opType)).toEqual(['FusedMatMul'])
    expect(added[0]!.inputs).toEqual([hidden, `cotangent/${y}`])
    expect(added[0]!.outputs).toEqual(['gradient/v'])
  })

  test('stays an initializer, while what is trained becomes an input', () => {
    const { graph, y } = frozenBelow()
    const gradient = buildGradient(graph, { wrt: ['v'], outputs: [y] })
    expect(gradient.inputs.map(({ name }) => name)).toEqual(['x', 'v', `cotangent/${y}`])
    expect(gradient.outputs.map(({ name }) => name)).toEqual([y, 'gradient/v'])
    expect([...gradient.initializers.keys()]).toEqual(['w'])
  })

  test('a parameter that nothing depends on gets zeros', async () => {
    const builder = new GraphBuilder('apart')
    const x = builder.input('x', 'float32', [2])
    builder.initializer('w', tensor([2, 1], 5, 6))
    const y = builder.op('Exp', [x])
    const graph = withOutputs(builder.build(), [y])
    const gradient = buildGradient(graph, { wrt: ['w'], outputs: [y], cotangents: 'ones' })
    const feeds = { x: tensor([2], 0, 1), w: tensor([2, 1], 5, 6) }
    const result = await runOnce(gradient, feeds)
    expect(result['gradient/w']).toEqual(tensor([2, 1], 0, 0))
  })

  test('gradients end at comparisons', async () => {
    const builder = new GraphBuilder('stop')
    const x = builder.input('x', 'float32', [2])
    const mask = builder.op('Greater', [x, builder.scalar(0)])
    const y = builder.op('Mul', [x, builder.op('Cast', [mask], { to: 1 })])
    const graph = withOutputs(builder.build(), [y])
    const gradient = buildGradient(graph, { wrt: ['x'], outputs: [y], cotangents: 'ones' })
    const result = await runOnce(gradient, { x: tensor([2], -3, 3) })
    expect(floatsOf(result['gradient/x']!)).toEqual([0, 1])
  })
})

describe('names and shapes', () => {
  test('an input can be its own output', async () => {
    const builder = new GraphBuilder('itself')
    const x = builder.input('x', 'float32', [2])
    const y = builder.op('Neg', [x])
    const graph = withOutputs(builder.build(), [y])
    const gradient = buildGradient(graph, { wrt: ['x'], outputs: ['x', y] })
    const seeds = { 'cotangent/x': tensor([2], 5, 7), [`cotangent/${y}`]: tensor([2], 1, 2) }
    const result = await runOnce(gradient, { x: tensor([2], 1, 1), ...seeds })
    expect(floatsOf(result['gradient/x']!)).toEqual([4, 5])
  })

  test('two parameters with the same gradient each have an output', async () => {
    const builder = new GraphBuilder('same')
    const a = builder.input('a', 'float32', [2])
    const b = builder.input('b', 'float32', [2])
    const y = builder.op('Add', [a, b])
    const graph = withOutputs(builder.build(), [y])
    const gradient = buildGradient(graph, { wrt: ['a', 'b'], outputs: [y] })
    const feeds = {
      a: tensor([2], 1, 1),
      b: tensor([2], 1, 1),
      [`cotangent/${y}`]: tensor([2], 3, 4),
    }
    const result = await runOnce(gradient, feeds)
    expect(floatsOf(result['gradient/a']!)).toEqual([3, 4])
    expect(floatsOf(result['gradient/b']!)).toEqual([3, 4])
  })

  test('named dimensions take the sizes given', () => {
    const builder = new GraphBuilder('named')
    const x = builder.input('x', 'float32', ['batch', 2])
    const y = builder.op('ReduceSum', [x], { keepdims: 0 })
    builder.output(y, 'float32', [])
    const inputShapes = { x: [5, 2] }
    const gradient = buildGradient(builder.build(), { wrt: ['x'], outputs: [y], inputShapes })
    expect(gradient.inputs[0]).toEqual({ name: 'x', type: 'float32', shape: [5, 2] })
    expect(gradient.outputs[1]).toEqual({ name: 'gradient/x', type: 'float32', shape: [5, 2] })
  })
})

describe('what cannot be differentiated', () => {
  const unary = (opType: string): Graph => {
    const builder = new GraphBuilder('unary')
    const x = builder.input('x', 'float32', [2, 2])
    builder.output(builder.op(opType, [x]), 'float32', [2, 2], 'y')
    return builder.build()
  }

  test('an operator without a rule is named with its opset', () => {
    for (const opType of ['Det', 'Hardmax', 'NoSuchOperator']) {
      const error = expect.objectContaining({
        code: 'GRADIENT_RULE_MISSING',
        data: { opType, opset: 20 },
      })
      expect(() => buildGradient(unary(opType), { wrt: ['x'], outputs: ['y'] })).toThrow(error)
    }
  })

  test('a name that the graph lacks, or that is no source, is refused', () => {
    const error = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    const graph = unary('Exp')
    expect(() => buildGradient(graph, { wrt: ['z'], outputs: ['y'] })).toThrow(error)
    expect(() => buildGradient(graph, { wrt: ['y'], outputs: ['y'] })).toThrow(error)
    expect(() => buildGradient(graph, { wrt: ['x'], outputs: ['z'] })).toThrow(error)
    const old = { ...graph, opset: 17 }
    expect(() => buildGradient(old, { wrt: ['x'], outputs: ['y'] })).toThrow(error)
  })
})
