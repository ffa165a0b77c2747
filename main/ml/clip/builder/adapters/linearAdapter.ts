/** y R + b: a linear map near the identity. */
import type { AdapterKind } from './adapter.js'
import { affine } from './affine.js'
import { mergeLinear } from './mergeLinear.js'

const names = { residual: 'residual', bias: 'bias' } as const

/** Weight decay on R is a pull towards the identity. */
export const linearAdapter: AdapterKind = {
  write(b, features, dim) {
    const residual = b.weight(names.residual, [dim, dim], new Float32Array(dim * dim))
    return b.op('Gemm', [features, residual, b.vector(names.bias, dim, 0)])
  },
  read(weight, scale) {
    const residual = weight(names.residual).slice()
    const bias = weight(names.bias).map((value) => value * scale)
    return {
      change: (rows) => affine(rows, residual, bias),
      merge: (graph, output, share) => {
        const scaled = (values: Float32Array) => values.map((value) => value * share)
        return mergeLinear(graph, output, { residual: scaled(residual), bias: scaled(bias) })
      },
    }
  },
}
