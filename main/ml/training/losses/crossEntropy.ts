/** Cross-entropy over similarities, in one direction and in both. */
import type { GraphBuilder } from '../../onnx/graphBuilder.js'
import { meanOf, rowSums, transpose } from './similarity.js'

/** Mean over rows of the cross-entropy of the logits against the distributions in `targets`. */
export function crossEntropy(b: GraphBuilder, logits: string, targets: string): string {
  return b.op('Neg', [meanOf(b, agreement(b, logits, targets))])
}

/**
 * Mean over both directions of the cross-entropy of the logits [batch, batch] against the target
 * distributions in the rows of `targets`, which serve both directions: positives are mutual.
 */
export function symmetricCrossEntropy(b: GraphBuilder, logits: string, targets: string): string {
  const [rows, columns] = [logits, transpose(b, logits)].map((x) => agreement(b, x, targets))
  return b.op('Mul', [meanOf(b, b.op('Add', [rows!, columns!])), b.scalar(-0.5)])
}

/** Per row the mean log-probability of its targets. */
function agreement(b: GraphBuilder, logits: string, targets: string): string {
  return rowSums(b, b.op('Mul', [targets, b.op('LogSoftmax', [logits], { axis: -1 })]))
}
