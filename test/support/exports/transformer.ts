/** The transformer blocks of Hugging Face's CLIP and SigLIP, as torch.onnx writes them. */
import type { ExportBuilder } from './exportBuilder.js'

export interface BlockOptions {
  readonly width: number
  readonly heads: number
  readonly activation: 'quickGelu' | 'gelu' | 'geluTanh'
  readonly epsilon: number
  /** Values added to the scores, [batch, 1, tokens, tokens]. */
  readonly masks: readonly string[]
}

/** x [batch, tokens, width] through one block of pre-norm attention and perceptron. */
export function block(b: ExportBuilder, name: string, x: string, options: BlockOptions): string {
  const { width, epsilon, activation } = options
  const normed = b.layerNorm(`${name}.layer_norm1`, x, width, epsilon)
  const attended = b.op('Add', [x, attention(b, `${name}.self_attn`, normed, options)])
  const again = b.layerNorm(`${name}.layer_norm2`, attended, width, epsilon)
  const hidden = b[activation](b.linear(`${name}.mlp.fc1`, again, width, 4 * width))
  return b.op('Add', [attended, b.linear(`${name}.mlp.fc2`, hidden, 4 * width, width)])
}

/** Batch and heads in one axis, as bmm wants them, and apart again for each mask. */
function attention(b: ExportBuilder, name: string, x: string, options: BlockOptions): string {
  const { width, heads, masks } = options
  const size = width / heads
  const [batch, tokens] = [b.size(x, 0), b.size(x, 1)]
  const project = (part: string) => b.linear(`${name}.${part}_proj`, x, width, width)
  const query = b.op('Mul', [project('q'), b.number(size ** -0.5)])
  const rows = b.op('Mul', [batch, b.int(heads)])
  const split = (value: string) => {
    const parts = b.view(value, [batch, -1, heads, size])
    return b.view(b.transpose(parts, [0, 2, 1, 3]), [rows, -1, size])
  }
  const [q, k, v] = [query, project('k'), project('v')].map(split) as [string, string, string]
  let scores = b.op('MatMul', [q, b.transpose(k, [0, 2, 1])])
  for (const mask of masks) {
    const apart = b.view(scores, [batch, heads, tokens, tokens])
    scores = b.view(b.op('Add', [apart, mask]), [rows, tokens, tokens])
  }
  const weights = b.op('Softmax', [scores], { axis: b.opset < 13 ? 2 : -1 })
  const mixed = b.view(b.op('MatMul', [weights, v]), [batch, heads, tokens, size])
  const joined = b.view(b.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width])
  return b.linear(`${name}.out_proj`, joined, width, width)
}
