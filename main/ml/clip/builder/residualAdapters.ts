/** A linear adapter for each tower on its cached embeddings, starting as the identity. */
import type { Towers } from './buildTowers.js'
import { type Tower, TowerBuilder } from './towerBuilder.js'

export interface AdapterDims {
  readonly imageDim: number
  readonly textDim: number
  /** The encoders' own theta: logits are cosines times exp(theta). */
  readonly logitScaleInit: number
  readonly logitBiasInit?: number
}

/** Names of an adapter's weights. */
export const adapterWeights = { residual: 'residual', bias: 'bias' } as const

/**
 * Towers from `features` [batch, dim] to features (I + R) + b of the same size, with R and b zero at
 * first. Weight decay on R is a pull towards the identity.
 */
export function buildResidualAdapters(dims: AdapterDims): Towers {
  return {
    image: buildAdapter('image_adapter', dims.imageDim, 'image_embeds'),
    text: buildAdapter('text_adapter', dims.textDim, 'text_embeds'),
    logitScaleInit: dims.logitScaleInit,
    ...(dims.logitBiasInit === undefined ? {} : { logitBiasInit: dims.logitBiasInit }),
  }
}

function buildAdapter(name: string, dim: number, output: string): Tower {
  const b = new TowerBuilder(name, 0)
  const features = b.input('features', 'float32', ['batch', dim])
  const residual = b.weight(adapterWeights.residual, [dim, dim], new Float32Array(dim * dim))
  const bias = b.vector(adapterWeights.bias, dim, 0)
  const change = b.op('Gemm', [features, residual, bias])
  b.output(b.op('Add', [features, change]), 'float32', ['batch', dim], output)
  return b.buildTower(output)
}
