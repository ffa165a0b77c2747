/** Text inputs from captions that are encoded once. */
import type { Tokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TextInputs } from './towerInputs.js'

/** Captions as tokens. */
export interface TokenTable {
  /** `input_ids` and `attention_mask` of any of them, cut to the longest of a batch. */
  readonly inputs: TextInputs
  /** Tokens that a caption alone is cut or padded to. */
  readonly lengthOf: (caption: number) => number
}

/** Encodes every caption and gives the inputs `input_ids` and `attention_mask` of any of them. */
export function createTokenTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  contextLength: number,
): TextInputs {
  return createTokenTable(texts, tokenizer, { contextLength, cut: true }).inputs
}

/** @param options `cut` off, every text is padded to the whole context */
export function createTokenTable(
  texts: readonly string[],
  tokenizer: Tokenizer,
  options: { readonly contextLength: number; readonly cut: boolean },
): TokenTable {
  const { contextLength, cut } = options
  const { ids: all, starts } = encodeAll(texts, tokenizer, contextLength)
  const pad = BigInt(tokenizer.padId)
  const lengthFor = (tokens: number) => (cut ? roundLength(tokens, contextLength) : contextLength)
  const tokensOf = (row: number) => starts[row + 1]! - starts[row]!
  const inputs: TextInputs = (captions) => {
    const longest = captions.reduce((max, row) => Math.max(max, tokensOf(row)), 1)
    const length = lengthFor(longest)
    return (start, count) => {
      const ids = new BigInt64Array(count * length).fill(pad)
      const mask = new BigInt64Array(count * length)
      for (let i = 0; i < count; i++) {
        const row = captions[start + i]!
        const own = all.subarray(starts[row]!, starts[row + 1]!)
        own.forEach((id, at) => {
          ids[i * length + at] = BigInt(id)
        })
        mask.fill(1n, i * length, i * length + own.length)
      }
      const dims = [count, length]
      return {
        input_ids: { type: 'int64', dims, data: ids },
        attention_mask: { type: 'int64', dims, data: mask },
      }
    }
  }
  return { inputs, lengthOf: (caption) => lengthFor(tokensOf(caption)) }
}

/**
 * The ids of text i are `starts[i]` to `starts[i + 1]`, all in one array: a million captions as
 * arrays of their own would take half a gigabyte.
 */
function encodeAll(texts: readonly string[], tokenizer: Tokenizer, contextLength: number) {
  const starts = new Int32Array(texts.length + 1)
  const ids: number[] = []
  texts.forEach((text, i) => {
    const { inputIds } = tokenizer.encode([text], { contextLength, padTo: 'longest' })
    for (const id of inputIds) ids.push(Number(id))
    starts[i + 1] = ids.length
  })
  return { ids: Int32Array.from(ids), starts }
}

/**
 * A batch is cut to its longest text, in few different lengths: each length has a session of its
 * own, since gradient graphs are made for fixed shapes.
 */
function roundLength(longest: number, contextLength: number): number {
  let length = 8
  while (length < longest) length *= 2
  return Math.min(length, contextLength)
}
