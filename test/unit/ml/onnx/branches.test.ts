/** Ifs as torch.onnx writes them: taken where shapes decide, refused where they do not. */
import { describe, expect, it } from 'vitest'
import { encodeMessage, type NodeProto } from '../../../../main/ml/onnx/modelProto.js'
import { readModel } from '../../../../main/ml/onnx/readModel.js'
import { isAppError } from '../../../../shared/errors.js'
import {
  makeAttribute,
  makeBranch,
  makeConstant,
  makeNode,
} from '../../../support/exports/protoNodes.js'
import { floatTensor, runGraph, runModel } from './runGraph.js'

/** A model of x [batch, 1, 4] and the named output of rank 2. */
function modelOf(node: readonly NodeProto[], output: string): Uint8Array {
  const info = (name: string, ...dim: object[]) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim } } },
  })
  const batch = { dimParam: 'batch' }
  return encodeMessage('ModelProto', {
    irVersion: 9,
    opsetImport: [{ domain: '', version: 20 }],
    graph: {
      name: 'g',
      node,
      input: [info('x', batch, { dimValue: 1 }, { dimValue: 4 })],
      output: [info(output, batch, { dimValue: 4 })],
    } as never,
  })
}

/** "Is the size of `axis` 1?" under the name `condition`. */
function asksSize(axis: number, condition = 'is_one'): NodeProto[] {
  return [
    makeNode('Shape', ['x'], `${condition}/shape`),
    makeConstant(`${condition}/axis`, [axis]),
    makeNode('Gather', [`${condition}/shape`, `${condition}/axis`], `${condition}/size`),
    makeConstant(`${condition}/one`, [1]),
    makeNode('Equal', [`${condition}/size`, `${condition}/one`], condition),
  ]
}

/** x without its axis of size 1, all its numbers doubled; both branches use the same names inside. */
const squeezed = [
  makeConstant('axes', [1]),
  makeNode('Squeeze', ['x', 'axes'], 'flat'),
  makeNode('Add', ['flat', 'flat'], 'result'),
]
const asItIs = [makeConstant('axes', [0]), makeNode('Identity', ['x'], 'result')]

function choose(condition: string, output: string, then = squeezed, otherwise = asItIs) {
  return makeNode('If', [condition], output, [
    makeBranch('then_branch', then),
    makeBranch('else_branch', otherwise),
  ])
}

const usesOf = () => [1, 2, 3].map((batch) => ({ x: [batch, 1, 4] }))
const feeds = { x: floatTensor([2, 1, 4]) }

describe('an If that shapes decide', () => {
  it('is replaced by the branch that is taken, names and all', async () => {
    const second = [
      makeConstant('axes', [1]),
      makeNode('Unsqueeze', ['first', 'axes'], 'wide'),
      makeNode('Squeeze', ['wide', 'axes'], 'result'),
    ]
    const bytes = modelOf(
      [
        ...asksSize(1),
        choose('is_one', 'first'),
        choose('is_one', 'y', second, [makeNode('Identity', ['first'], 'result')]),
      ],
      'y',
    )
    const graph = readModel(bytes, { path: 'm.onnx', usesOf })
    expect(graph.nodes.map(({ opType }) => opType)).not.toContain('If')
    const [ours, theirs] = [await runGraph(graph, feeds), await runModel(bytes, feeds)]
    expect(ours.y).toEqual(theirs.y)
    expect(ours.y!.dims).toEqual([2, 4])
  })

  it('may stand in another', async () => {
    const inner = [...asksSize(2, 'is_thin'), choose('is_thin', 'result', squeezed, squeezed)]
    const bytes = modelOf([...asksSize(1), choose('is_one', 'y', inner)], 'y')
    const graph = readModel(bytes, { path: 'm.onnx', usesOf })
    const [ours, theirs] = [await runGraph(graph, feeds), await runModel(bytes, feeds)]
    expect(ours.y).toEqual(theirs.y)
  })
})

describe('an If is refused', () => {
  const refused = (bytes: Uint8Array, options = {}) =>
    expect(() => readModel(bytes, { path: '/models/m.onnx', ...options })).toThrow(
      expect.toSatisfy(
        (error) =>
          isAppError(error, 'OP_UNSUPPORTED') &&
          error.data.opType === 'If' &&
          error.message.includes('/models/m.onnx'),
      ),
    )

  it('where the size of a batch decides', () => {
    refused(modelOf([...asksSize(0), choose('is_one', 'y')], 'y'), { usesOf })
  })

  it('where numbers decide', () => {
    const sum = makeNode('ReduceMax', ['x'], 'most', [makeAttribute('keepdims', { i: 0, type: 2 })])
    const positive = makeNode('Cast', ['most'], 'positive', [
      makeAttribute('to', { i: 9, type: 2 }),
    ])
    refused(modelOf([sum, positive, choose('positive', 'y')], 'y'), { usesOf })
  })

  it('where there are hundreds', () => {
    const many = Array.from({ length: 201 }, (_, i) => choose('is_one', `y${i}`))
    const bytes = modelOf([...asksSize(1), ...many], 'y200')
    expect(() => readModel(bytes, { path: 'm.onnx', usesOf })).toThrow('more than 200 branches')
  })

  it('where nothing is known of its uses', () => {
    refused(modelOf([...asksSize(1), choose('is_one', 'y')], 'y'))
  })
})
