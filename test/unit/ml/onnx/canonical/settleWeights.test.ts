/** Weights that a graph copies or turns before it uses them. */
import { describe, expect, it } from 'vitest'
import { settleWeights } from '../../../../../main/ml/onnx/canonical/settleWeights.js'
import type { Graph } from '../../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../../main/ml/onnx/graphBuilder.js'
import { floatTensor, runGraph } from '../runGraph.js'

/** x through two layers whose weights come from `make`. */
function twoLayers(make: (b: GraphBuilder) => readonly [string, string]): Graph {
  const b = new GraphBuilder('layers')
  const x = b.input('x', 'float32', [2, 4])
  const [first, second] = make(b)
  b.output(b.op('MatMul', [b.op('MatMul', [x, first]), second]), 'float32', [2, 4], 'y')
  return b.build()
}

const ones = { type: 'float32', dims: [4, 4], data: new Float32Array(16).fill(1) } as const
const turned = (b: GraphBuilder, weight: string) => b.op('Transpose', [weight], { perm: [1, 0] })

const cases = {
  'a layer that is used twice': [
    twoLayers((b) => {
      const weight = b.initializer('weight', floatTensor([4, 4]))
      return [turned(b, weight), turned(b, weight)]
    }),
    1,
  ],
  'one layer whose weight is another one, as Identity tells': [
    twoLayers((b) => {
      const weight = b.initializer('weight', floatTensor([4, 4]))
      return [weight, b.op('Identity', [weight])]
    }),
    1,
  ],
  'two layers that nothing has trained yet': [
    twoLayers((b) => {
      const weight = b.initializer('weight', ones)
      return [weight, b.op('Identity', [weight])]
    }),
    2,
  ],
  'a weight that is used both ways': [
    twoLayers((b) => {
      const weight = b.initializer('weight', floatTensor([4, 4]))
      return [weight, turned(b, weight)]
    }),
    2,
  ],
} as const

describe('weights of', () => {
  it.each(Object.entries(cases))('%s', async (_, [graph, weights]) => {
    const settled = settleWeights(graph)
    expect(settled.initializers.size).toBe(weights)
    expect(settled.nodes.map(({ opType }) => opType)).toEqual(['MatMul', 'MatMul', 'Identity'])
    const feeds = { x: floatTensor([2, 4]) }
    expect((await runGraph(settled, feeds)).y).toEqual((await runGraph(graph, feeds)).y)
  })
})
