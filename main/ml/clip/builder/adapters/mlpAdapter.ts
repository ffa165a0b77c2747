/** ReLU(y W + b) V + c: a change that bends, by one hidden layer as wide as the embedding. */
import type { AdapterKind } from './adapter.js'
import { affine } from './affine.js'
import { appendNodes } from './appendNodes.js'
import { checkDims } from './checkDims.js'

const names = { in: 'in', inBias: 'in_bias', out: 'out', outBias: 'out_bias' } as const

/** V is zero at first; weight decay on it is a pull towards the model as it was. */
export const mlpAdapter: AdapterKind = {
  write(b, features, dim) {
    const input = b.normalWeight(names.in, [dim, dim], (2 / dim) ** 0.5)
    const hidden = b.op('Relu', [b.op('Gemm', [features, input, b.vector(names.inBias, dim, 0)])])
    const output = b.weight(names.out, [dim, dim], new Float32Array(dim * dim))
    return b.op('Gemm', [hidden, output, b.vector(names.outBias, dim, 0)])
  },
  read(weight, scale) {
    // ReLU(s x) = s ReLU(x): for rows that are s times as long only the biases grow with them.
    const grown = (name: string) => weight(name).map((value) => value * scale)
    const [input, inBias] = [weight(names.in).slice(), grown(names.inBias)]
    const [output, outBias] = [weight(names.out).slice(), grown(names.outBias)]
    const dim = outBias.length
    return {
      change(rows) {
        const hidden = affine(rows, input, inBias).map((value) => Math.max(0, value))
        return affine(hidden, output, outBias)
      },
      merge(graph, name, share) {
        checkDims(graph, name, dim)
        const square = (data: Float32Array) => ({ dims: [dim, dim], data })
        const vector = (data: Float32Array) => ({ dims: [dim], data })
        const scaled = (data: Float32Array) => data.map((value) => value * share)
        return appendNodes(graph, name, (b) => {
          const hidden = b.op('Relu', [
            b.op('Gemm', [
              b.before,
              b.weight('in', square(input)),
              b.weight('in_bias', vector(inBias)),
            ]),
          ])
          const change = b.op('Gemm', [
            hidden,
            b.weight('out', square(scaled(output))),
            b.weight('out_bias', vector(scaled(outBias))),
          ])
          return b.op('Add', [b.before, change])
        })
      },
    }
  },
}
