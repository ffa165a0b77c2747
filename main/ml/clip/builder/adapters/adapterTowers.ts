/** An adapter for each encoder on its cached embeddings, starting as the identity. */
import type { Head } from '../../../../../shared/domain/training.js'
import type { Towers } from '../buildTowers.js'
import { type Tower, TowerBuilder } from '../towerBuilder.js'
import type { AdapterKind } from './adapter.js'
import { adapterKinds } from './table.js'

export interface AdapterOptions {
  readonly head: Head
  readonly seed: number
  readonly imageDim: number
  readonly textDim: number
  /** The encoders' own theta: logits are cosines times exp(theta). */
  readonly logitScaleInit: number
  readonly logitBiasInit?: number
}

/** Towers from `features` [batch, dim] to features + change(features) of the same size. */
export function buildAdapterTowers(options: AdapterOptions): Towers {
  const { head, seed, imageDim, textDim, ...scalars } = options
  const kind = adapterKinds[head]
  return {
    image: buildTower(kind, seed, imageDim, 'image'),
    text: buildTower(kind, seed + 1, textDim, 'text'),
    ...scalars,
  }
}

function buildTower(kind: AdapterKind, seed: number, dim: number, side: 'image' | 'text'): Tower {
  const output = `${side}_embeds`
  const b = new TowerBuilder(`${side}_adapter`, seed)
  const features = b.input('features', 'float32', ['batch', dim])
  const adapted = b.op('Add', [features, kind.write(b, features, dim)])
  b.output(adapted, 'float32', ['batch', dim], output)
  return b.buildTower(output)
}
