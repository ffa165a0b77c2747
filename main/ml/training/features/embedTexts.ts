/** Embeds texts, batch by batch. */
import type { Tokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { Tensors } from '../../runtime/session.js'
import type { FeatureChunk } from './featureCache.js'

export interface EmbedTextsOptions {
  readonly texts: readonly string[]
  readonly tokenizer: Tokenizer
  readonly contextLength: number
  readonly padTo: 'longest' | 'contextLength'
  /** `input_ids` and `attention_mask` [batch, sequence] to rows [batch, dim]. */
  readonly encode: (inputs: Tensors) => Promise<Float32Array>
  readonly signal: AbortSignal
}

const textsPerBatch = 64

/** One row per text. */
export async function embedTexts(options: EmbedTextsOptions): Promise<FeatureChunk> {
  const { texts, tokenizer, contextLength, padTo, encode, signal } = options
  let dim = 0
  let rows = new Float32Array()
  for (let start = 0; start < texts.length; start += textsPerBatch) {
    signal.throwIfAborted()
    const part = texts.slice(start, start + textsPerBatch)
    const { inputIds, attentionMask, length } = tokenizer.encode(part, { contextLength, padTo })
    const dims = [part.length, length]
    const embedded = await encode({
      input_ids: { type: 'int64', dims, data: inputIds },
      attention_mask: { type: 'int64', dims, data: attentionMask },
    })
    dim = embedded.length / part.length
    if (rows.length === 0) rows = new Float32Array(texts.length * dim)
    rows.set(embedded, start * dim)
  }
  return { dim, data: rows, skipped: [] }
}
