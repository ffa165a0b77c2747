/** Parts that losses share: cosine logits and the symmetric cross-entropy over them. */
import { GraphBuilder } from '../../onnx/graphBuilder.js'
import { logitScale } from './loss.js'

/** Guards the division by the length of an embedding that is all zeros. */
const tinySquare = 1e-12

export interface PairedInputs {
  readonly b: GraphBuilder
  readonly images: string
  readonly texts: string
  readonly theta: string
}

/** Declares what every loss over paired embeddings takes. */
export function declarePairedInputs(name: string): PairedInputs {
  const b = new GraphBuilder(name)
  return {
    b,
    images: b.input('image_embeds', 'float32', ['batch', 'dim']),
    texts: b.input('text_embeds', 'float32', ['batch', 'dim']),
    theta: b.input(logitScale.name, 'float32', []),
  }
}

/** Rows of x [batch, dim] divided by their lengths. */
function normalizeRows(b: GraphBuilder, x: string): string {
  const square = b.op('ReduceSum', [b.op('Mul', [x, x]), b.ints([1])], { keepdims: 1 })
  return b.op('Div', [x, b.op('Sqrt', [b.op('Add', [square, b.scalar(tinySquare)])])])
}

/** exp(theta) times the cosine of every picture with every text, [batch, batch]. */
export function cosineLogits({ b, images, texts, theta }: PairedInputs): string {
  const pair = [normalizeRows(b, images), normalizeRows(b, texts)]
  return b.op('Mul', [b.op('Gemm', pair, { transB: 1 }), b.op('Exp', [theta])])
}

/**
 * Mean over both directions of the cross-entropy of the logits [batch, batch] against the target
 * distributions in the rows of `targets`, which serve both directions: positives are mutual.
 */
export function symmetricCrossEntropy(b: GraphBuilder, logits: string, targets: string): string {
  const directions = [logits, b.op('Transpose', [logits], { perm: [1, 0] })]
  const [rows, columns] = directions.map((x) => {
    const share = b.op('Mul', [targets, b.op('LogSoftmax', [x], { axis: -1 })])
    return b.op('ReduceSum', [share, b.ints([1])], { keepdims: 0 })
  })
  const mean = b.op('ReduceMean', [b.op('Add', [rows!, columns!]), b.ints([0])], { keepdims: 0 })
  return b.op('Mul', [mean, b.scalar(-0.5)])
}

/** [batch, batch]: 1 where two rows of `labels` [batch] are equal, otherwise 0. */
export function equalityMatrix(b: GraphBuilder, labels: string): string {
  const column = b.op('Unsqueeze', [labels, b.ints([1])])
  const row = b.op('Unsqueeze', [labels, b.ints([0])])
  return b.op('Cast', [b.op('Equal', [column, row])], { to: 1 })
}
