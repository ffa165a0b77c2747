import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../../main/ml/onnx/graph.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { createRandom } from '../../../../main/ml/training/random.js'
import { joinMembers } from '../../../../models/recipe/assemble/joinMembers.js'
import {
  type Directions,
  leadingDirections,
} from '../../../../models/recipe/assemble/leadingDirections.js'
import { runGraph } from '../../ml/onnx/runGraph.js'

const random = createRandom(5)
const normal = (length: number, spread = 1) =>
  Float32Array.from({ length }, () => spread * (random.next() + random.next() - 1))

/** Dot product of row i of x with row j of y, [rows, dim]. */
const dot = (x: Float32Array, i: number, y: Float32Array, j: number, dim: number) =>
  x.subarray(i * dim, (i + 1) * dim).reduce((sum, value, k) => sum + value * y[j * dim + k]!, 0)

describe('leadingDirections', () => {
  const [from, to, count] = [24, 6, 200]
  /** Rows that lie in six directions but for a little noise. */
  const basis = normal(to * from)
  const rows = () => {
    const weights = normal(count * to, 3)
    const noise = normal(count * from, 0.01)
    return noise.map((value, at) => {
      const [row, column] = [Math.floor(at / from), at % from]
      return Array.from({ length: to }).reduce<number>(
        (sum, _, k) => sum + weights[row * to + k]! * basis[k * from + column]!,
        value,
      )
    })
  }
  const [pictures, texts] = [rows(), rows()]
  const directions = leadingDirections([pictures, texts], from, to)

  const project = (x: Float32Array) =>
    Float32Array.from({ length: count * to }, (_, at) => {
      const [row, column] = [Math.floor(at / to), at % to]
      return Array.from({ length: from }).reduce<number>(
        (sum, __, i) => sum + x[row * from + i]! * directions.data[i * to + column]!,
        0,
      )
    })

  it('have length 1 and stand upright on each other', () => {
    const columns = Float32Array.from({ length: to * from }, (_, at) => {
      const [column, i] = [Math.floor(at / from), at % from]
      return directions.data[i * to + column]!
    })
    for (let a = 0; a < to; a++) {
      for (let b = 0; b < to; b++) {
        expect(dot(columns, a, columns, b, from)).toBeCloseTo(a === b ? 1 : 0, 5)
      }
    }
  })

  it('keep the dot products of rows that lie in few directions', () => {
    const [x, y] = [project(pictures), project(texts)]
    for (let i = 0; i < 20; i++) {
      const whole = dot(pictures, i, texts, i + 1, from)
      expect(Math.abs(dot(x, i, y, i + 1, to) - whole)).toBeLessThan(0.02 * Math.abs(whole) + 0.05)
    }
  })
})

describe('joinMembers', () => {
  const [batch, width, dim] = [3, 4, 5]
  const table = normal(width * dim)

  /** A tower of one layer, with a weight that all of them share. */
  function buildMember(): Graph {
    const b = new GraphBuilder('member')
    const x = b.input('features', 'float32', ['batch', width])
    const weight = (name: string, dims: number[], data: Float32Array) =>
      b.initializer(name, { type: 'float32', dims, data })
    const shared = weight('table', [width, dim], table)
    const own = weight('weight', [dim, dim], normal(dim * dim))
    const pooled = b.op('MatMul', [x, shared])
    b.output(b.op('MatMul', [pooled, own]), 'float32', ['batch', dim], 'image_embeds')
    b.output(pooled, 'float32', ['batch', dim], 'pooler_output')
    return b.build()
  }

  /** All directions, so that nothing is lost. */
  const everything: Directions = {
    from: 2 * dim,
    to: 2 * dim,
    data: Float32Array.from({ length: 4 * dim * dim }, (_, at) => Number(at % (2 * dim + 1) === 0)),
  }
  const members = [buildMember(), buildMember()]
  const joined = joinMembers(members, {
    output: 'image_embeds',
    shared: ['table'],
    directions: everything,
  })
  const x = normal(batch * width)
  const features = { type: 'float32' as const, dims: [batch, width], data: x }

  it('gives the mean of the cosines of its members', async () => {
    const { image_embeds: embeds } = await runGraph(joined, { features })
    const joint = embeds!.data as Float32Array
    const apart = await Promise.all(
      members.map(async (graph) => {
        const outputs = await runGraph(graph, { features })
        return outputs['image_embeds']!.data as Float32Array
      }),
    )
    const cosine = (rows: Float32Array, size: number) =>
      dot(rows, 0, rows, 1, size) /
      Math.sqrt(dot(rows, 0, rows, 0, size) * dot(rows, 1, rows, 1, size))
    const mean = (cosine(apart[0]!, dim) + cosine(apart[1]!, dim)) / 2
    expect(cosine(joint, 2 * dim)).toBeCloseTo(mean, 5)
  })

  it('keeps what members share once, and ends in a layer that changes nothing', async () => {
    const names = [...joined.initializers.keys()]
    expect(names.filter((name) => name.endsWith('table'))).toEqual(['table'])
    expect(names.filter((name) => name.endsWith('/weight'))).toEqual([
      'member1/weight',
      'member2/weight',
    ])
    const { image_embeds: embeds, pooler_output: pooled } = await runGraph(joined, { features })
    expect(pooled).toEqual(embeds)
  })
})
