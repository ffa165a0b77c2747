/** Turns texts into token ids by any Hugging Face tokenizer. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'

export interface TokenizeOptions {
  /** Longest sequence; longer ones are cut, their end token kept. */
  readonly contextLength: number
  /** Pad to the longest text of this batch, or always to the context length. */
  readonly padTo: 'longest' | 'contextLength'
}

/** Token ids and mask of a batch, both `[batch, length]`; the mask is 1 for tokens, 0 for padding. */
interface TokenBatch {
  readonly inputIds: BigInt64Array
  readonly attentionMask: BigInt64Array
  readonly batch: number
  readonly length: number
}

export interface Tokenizer {
  /** Number of ids, special tokens included. */
  readonly vocabSize: number
  readonly padId: number
  /** The longest sequence that tokenizer_config.json tells, if it does. */
  readonly maxLength: number | null
  encode(texts: readonly string[], options: TokenizeOptions): TokenBatch
  /** The ids of one text, start and end tokens included, not cut. */
  encodeText(text: string): number[]
  /** The one token that `word` alone becomes, or null where it becomes several. */
  wordId(word: string): number | null
}

/** Parsed tokenizer.json and tokenizer_config.json. */
export interface TokenizerSource {
  readonly tokenizer: Readonly<Record<string, unknown>>
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
}

/** @throws Error where the files describe no tokenizer that the library knows */
export function createTokenizer({ tokenizer, tokenizerConfig }: TokenizerSource): Tokenizer {
  const inner = new HuggingFaceTokenizer(tokenizer, tokenizerConfig)
  const encodeText = (text: string): number[] => inner.encode(text).ids
  const endTokens = findEndTokens(inner)
  const padId = findPadId(inner, tokenizerConfig)
  const { model_max_length: stated } = tokenizerConfig
  return {
    // Copies the vocabulary, which searches have no need of.
    get vocabSize() {
      return inner.get_vocab().size
    },
    padId,
    // Hugging Face writes 1e30 where there is no limit.
    maxLength: typeof stated === 'number' && stated < 1e6 ? stated : null,
    encodeText,
    encode: (texts, { contextLength, padTo }) => {
      const rows = texts.map((text) => cut(encodeText(text), contextLength, endTokens))
      const longest = Math.max(1, ...rows.map((row) => row.length))
      return pad(rows, padTo === 'longest' ? longest : contextLength, padId)
    },
    wordId: (word) => {
      const ids = inner.encode(word, { add_special_tokens: false }).ids
      return ids.length === 1 ? ids[0]! : null
    },
  }
}

/** The special tokens that close every text. */
function findEndTokens(inner: HuggingFaceTokenizer): number[] {
  const bare = inner.encode('a', { add_special_tokens: false }).ids
  const closed = inner.encode('a').ids
  const start = closed.indexOf(bare[0] ?? -1)
  return start < 0 ? [] : closed.slice(start + bare.length)
}

function findPadId(inner: HuggingFaceTokenizer, config: Readonly<Record<string, unknown>>): number {
  for (const key of ['pad_token', 'eos_token']) {
    const value = config[key]
    const content =
      typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value
    const id = typeof content === 'string' ? inner.token_to_id(content) : undefined
    if (id !== undefined) return id
  }
  return 0
}

function cut(ids: number[], length: number, endTokens: readonly number[]): number[] {
  if (ids.length <= length) return ids
  return [...ids.slice(0, length - endTokens.length), ...endTokens]
}

function pad(rows: readonly number[][], length: number, padId: number): TokenBatch {
  const inputIds = new BigInt64Array(rows.length * length).fill(BigInt(padId))
  const attentionMask = new BigInt64Array(rows.length * length)
  for (const [i, row] of rows.entries()) {
    for (const [j, id] of row.entries()) inputIds[i * length + j] = BigInt(id)
    attentionMask.fill(1n, i * length, i * length + row.length)
  }
  return { inputIds, attentionMask, batch: rows.length, length }
}
