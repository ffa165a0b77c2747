import { describe, expect, it } from 'vitest'
import { buildGradient } from '../../../../main/ml/autodiff/buildGradient.js'
import { simplify } from '../../../../main/ml/onnx/simplify.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import { meaningObjective } from '../../../../models/recipe/training/meaningObjective.js'
import { numberMeanings } from '../../../../models/recipe/training/meanings.js'
import { openGraph } from '../../../support/gradientCheck.js'

const captions = ['bus', 'vehicle', 'dog', 'animal']
const items = [['bus', 'vehicle', 'never said'], ['dog', 'animal'], ['vehicle', 'bus'], ['animal']]

describe('numberMeanings', () => {
  const { ofCaptions, ofItems, table, width } = numberMeanings(captions, items)
  const trueOf = (item: number) =>
    captions.filter((_, i) =>
      table.subarray(ofItems[item]! * width, (ofItems[item]! + 1) * width).includes(ofCaptions[i]!),
    )

  it('tells which captions are right for which items', () => {
    expect(items.map((_, i) => trueOf(i))).toEqual([
      ['bus', 'vehicle'],
      ['dog', 'animal'],
      ['bus', 'vehicle'],
      ['animal'],
    ])
  })

  it('gives items of which the same is true one row', () => {
    expect(ofItems[0]).toBe(ofItems[2])
    expect(table).toHaveLength(3 * width)
  })
})

describe('meaningObjective', () => {
  const meanings = numberMeanings(captions, items)
  const dim = 3
  const random = createRandom(7)
  const rows = () => items.map(() => Array.from({ length: dim }, () => random.between(-1, 1)))
  const [pictures, texts] = [rows(), rows()]
  /** Of picture i and text j. */
  const right = (i: number, j: number) => items[i]!.includes(captions[j]!)
  const scale = 5

  /** Written out: both directions, each right pair with an equal share of its row. */
  function value(): number {
    const unit = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v))
    const cosine = (i: number, j: number) =>
      unit(pictures[i]!).reduce((sum, x, k) => sum + x * unit(texts[j]!)[k]!, 0)
    const entropy = (logit: (a: number, b: number) => number, isRight: typeof right) => {
      const each = items.map((_, a) => {
        const all = items.map((__, b) => Math.exp(logit(a, b))).reduce((x, y) => x + y)
        const wanted = items.flatMap((__, b) => (isRight(a, b) ? [b] : []))
        return -wanted.reduce((sum, b) => sum + logit(a, b) - Math.log(all), 0) / wanted.length
      })
      return each.reduce((x, y) => x + y) / each.length
    }
    const toText = entropy((i, j) => scale * cosine(i, j), right)
    const toPicture = entropy(
      (j, i) => scale * cosine(i, j),
      (j, i) => right(i, j),
    )
    return (toText + toPicture) / 2
  }

  it('is the cross-entropy against every right pair, in both directions', async () => {
    const objective = meaningObjective(meanings)
    const start = { embeddingDim: dim, logitScale: Math.log(scale), logitBias: null }
    const [parameter] = objective.parameters
    const float = (dims: number[], data: number[]) =>
      ({ type: 'float32', dims, data: Float32Array.from(data) }) as const
    const numbers = (data: Int32Array) =>
      ({ type: 'int64', dims: [data.length], data: BigInt64Array.from(data, BigInt) }) as const
    const feeds = {
      image_embeds: float([4, dim], pictures.flat()),
      text_embeds: float([4, dim], texts.flat()),
      [parameter!.name]: { type: 'float32', ...parameter!.initial(start) } as const,
      groups: numbers(meanings.ofCaptions),
      view_groups: numbers(meanings.ofItems),
    }
    const inputShapes = Object.fromEntries(Object.entries(feeds).map(([n, t]) => [n, t.dims]))
    const wrt = ['image_embeds', 'text_embeds', parameter!.name]
    const graph = buildGradient(simplify(objective.build(start), { inputShapes, keep: wrt }), {
      wrt,
      outputs: ['loss'],
      inputShapes,
      cotangents: 'ones',
    })
    const session = await openGraph(graph)
    const outputs = await session.run(feeds)
    await session.dispose()
    expect((outputs.loss!.data as Float32Array)[0]).toBeCloseTo(value(), 5)
    const gradient = outputs['gradient/image_embeds']!.data as Float32Array
    const before = value()
    pictures[1]![2]! += 1e-4
    expect((value() - before) / 1e-4).toBeCloseTo(gradient[dim + 2]!, 3)
  })
})
