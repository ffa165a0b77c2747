/** Which tokens of a text may attend to which: the biases added to attention scores. */
import type { TextArchitecture } from '../architecture.js'
import type { TowerBuilder } from './towerBuilder.js'
import type { TokenLayout } from './transformer.js'

/** What the parts of the text tower share. */
export interface TextContext {
  readonly b: TowerBuilder
  readonly text: TextArchitecture
  readonly ids: string
  readonly mask: string
  /** Shape of `input_ids`: [batch, sequence]. */
  readonly shape: string
  /** [sequence], 1-D. */
  readonly length: string
}

/** Finite, since minus infinity times zero is not a number; far below any score. */
const masked = -1e9

/**
 * Which scores are suppressed. A causal tower's end of text sees no padding, as that comes after
 * it, so with that pooling `attention_mask` would change nothing and is not read.
 */
export function describeBias(
  context: TextContext,
): Pick<TokenLayout, 'scoreBias' | 'pooledScoreBias'> {
  const { b, text } = context
  if (text.causal && text.pooling === 'eos') {
    return { scoreBias: causalBias(context), pooledScoreBias: afterEndBias(context) }
  }
  const padding = paddingBias(context)
  if (!text.causal) return { scoreBias: padding, pooledScoreBias: padding }
  return { scoreBias: b.op('Add', [causalBias(context), padding]) }
}

/** [batch, 1, 1, sequence]: 0 on words, `masked` on padding. */
function paddingBias({ b, mask, shape }: TextContext): string {
  const words = b.op('Cast', [mask], { to: 1 })
  const bias = b.op('Mul', [b.op('Sub', [words, b.scalar(1)]), b.scalar(-masked)])
  const [batch, length] = [b.ints([0]), b.ints([1])].map((start, i) =>
    b.op('Slice', [shape, start, b.ints([i + 1])]),
  )
  const target = b.op('Concat', [batch!, b.ints([1, 1]), length!], { axis: 0 })
  return b.op('Reshape', [bias, target])
}

/** [sequence, sequence]: `masked` above the diagonal. */
function causalBias({ b, text, length }: TextContext): string {
  const n = text.contextLength
  const data = Float32Array.from({ length: n * n }, (_, i) =>
    i % n > Math.floor(i / n) ? masked : 0,
  )
  const full = b.initializer('causal_mask', { type: 'float32', dims: [n, n], data })
  const end = b.op('Concat', [length, length], { axis: 0 })
  return b.op('Slice', [full, b.ints([0, 0]), end, b.ints([0, 1])])
}

/** [batch, 1, 1, sequence]: `masked` on what follows each row's end of text. */
function afterEndBias({ b, text, ids, length }: TextContext): string {
  const n = text.contextLength
  const positions = BigInt64Array.from({ length: n }, (_, i) => BigInt(i))
  const table = b.initializer('position_ids', { type: 'int64', dims: [n], data: positions })
  const here = b.op('Slice', [table, b.ints([0]), length])
  const end = b.op('ArgMax', [ids], { axis: 1, keepdims: 1 })
  const after = b.op('Cast', [b.op('Greater', [here, end])], { to: 1 })
  return b.op('Unsqueeze', [b.op('Mul', [after, b.scalar(masked)]), b.ints([1, 2])])
}
