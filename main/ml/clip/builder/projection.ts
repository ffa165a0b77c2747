/** The end of both towers: from the pooled feature to the shared embedding space. */
import type { Architecture } from '../architecture.js'
import { linear, mlp } from './layers.js'
import type { Tower, TowerBuilder } from './towerBuilder.js'

/**
 * Declares `pooler_output` [batch, width] and `output` [batch, embeddingDim], unnormalised. The last
 * operator is a product with a weight, into which an adapter can later be merged.
 */
export function writeProjection(
  b: TowerBuilder,
  { value, width }: { readonly value: string; readonly width: number },
  { projection, embeddingDim, block }: Architecture,
  output: string,
): Tower {
  const projected =
    projection.kind === 'linear'
      ? linear(b, 'projection', value, width, embeddingDim)
      : mlp(
          b,
          'projection',
          value,
          { from: width, hidden: projection.hidden, to: embeddingDim },
          block,
        )
  b.output(projected, 'float32', ['batch', embeddingDim], output)
  b.output(value, 'float32', ['batch', width], 'pooler_output')
  return b.buildTower(output)
}
