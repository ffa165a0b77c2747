/** Cross-entropy over all embeddings of a batch, of whichever side, each against all others. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'
import { crossEntropy } from './crossEntropy.js'
import {
  dotProducts,
  equalityMatrix,
  excluded,
  normalizeRows,
  rowNumbers,
  shareOut,
} from './similarity.js'

/**
 * Mean over the 2B rows of both sides of LSE_j(s_ij / tau) less the mean of s_ip / tau over the
 * positives p, which are the other rows with the same number; an embedding is not compared with
 * itself.
 *
 * @param numbers int64 [batch], for each side the same
 */
export function writeViewLoss(
  b: GraphBuilder,
  sides: readonly [string, string],
  numbers: string,
  temperature: number,
): string {
  const rows = b.op(
    'Concat',
    sides.map((side) => normalizeRows(b, side)),
    { axis: 0 },
  )
  const self = equalityMatrix(b, rowNumbers(b, rows))
  const same = equalityMatrix(b, b.op('Concat', [numbers, numbers], { axis: 0 }))
  const positives = shareOut(b, b.op('Sub', [same, self]))
  const scaled = b.op('Mul', [dotProducts(b, rows, rows), b.scalar(1 / temperature)])
  const logits = b.op('Add', [scaled, b.op('Mul', [self, b.scalar(excluded)])])
  return crossEntropy(b, logits, positives)
}
