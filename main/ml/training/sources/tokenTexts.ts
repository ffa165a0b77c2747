/** Text inputs from captions that are encoded once. */
import type { Tokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TextInputs } from './pairBatches.js'

/** Encodes every caption and gives the inputs `input_ids` and `attention_mask` of any of them. */
export function createTokenTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  contextLength: number,
): TextInputs {
  const { ids: all, starts } = encodeAll(texts, tokenizer, contextLength)
  const pad = BigInt(tokenizer.padId)
  return (captions) => {
    const lengthOf = (row: number) => starts[row + 1]! - starts[row]!
    const longest = captions.reduce((max, row) => Math.max(max, lengthOf(row)), 1)
    const length = roundLength(longest, contextLength)
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
