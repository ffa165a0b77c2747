/** Gives the starter's text encoder words that it was not trained with: rows of its frozen table. */
import { z } from 'zod'
import { toByteCharacters } from '../../../main/ml/clip/tokenizer/byteAlphabet.js'
import { wordPatternFor } from '../../../main/ml/clip/tokenizer/splitWords.js'
import { createTokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import {
  describeTokenizer,
  type TokenizerFiles,
} from '../../../main/ml/clip/tokenizer/tokenizerFiles.js'
import { Vocabulary } from '../../../main/ml/clip/tokenizer/Vocabulary.js'
import { storeWeightsAsFloat16, upcastWeights } from '../../../main/ml/onnx/float16Weights.js'
import type { Graph } from '../../../main/ml/onnx/graph.js'
import { readInt8Table, roundTable } from '../../../main/ml/quantization/int8Table.js'
import { contextLength } from '../training/vocabulary.js'
import type { WordVectors } from '../words/embeddings.js'

export interface TextParts {
  readonly graph: Graph
  readonly tokenizer: TokenizerFiles['tokenizer']
  readonly tokenizerConfig: TokenizerFiles['tokenizerConfig']
}

export interface TextWithWords {
  readonly graph: Graph
  readonly files: TokenizerFiles
  readonly vocabSize: number
  /** How many words it did not have. */
  readonly added: number
}

const tableName = 'token_embedding'
/** Start and end of text: their ids are the highest. */
const specialTokens = 2
/** Rows of words have a mean square of 1; those of pieces, which say nothing, much less. */
const leastMeanSquare = 0.8

const modelSchema = z.object({
  model: z.object({ vocab: z.record(z.string(), z.number()), merges: z.array(z.string()) }),
})

/** The vectors that the encoder has for words that are one token each. */
export function vectorsOf({ graph, tokenizer, tokenizerConfig }: TextParts): WordVectors {
  const { data, dimensions } = readTable(graph)
  const { wordId } = createTokenizer({ tokenizer, tokenizerConfig })
  return {
    words: [],
    dimensions,
    vectorOf(word) {
      const id = wordId(word)
      if (id === null) return undefined
      const row = data.slice(id * dimensions, (id + 1) * dimensions)
      const norm = Math.hypot(...row)
      if (norm ** 2 < leastMeanSquare * dimensions) return undefined
      return row.map((value) => value / norm)
    },
  }
}

/**
 * @param words with vectors of length 1 at most; those that are one token already stay as they are.
 *   Of writing without spaces, all that the tokenizer is to find, known ones included
 * @returns the encoder and its tokenizer, with more tokens
 */
export function addWords(
  parts: TextParts,
  words: ReadonlyMap<string, Float32Array>,
): TextWithWords {
  const { wordId } = createTokenizer(parts)
  const added = [...words.keys()].filter((word) => wordId(word) === null)
  const known = readVocabulary(parts.tokenizer)
  const { data, dimensions } = readTable(parts.graph)
  const before = known.tokens.length
  const tokens = [...known.tokens, ...added.map(toByteCharacters)]
  const vocabulary = new Vocabulary({ tokens, merges: known.merges })
  const vocabSize = tokens.length + specialTokens
  const table = new Float32Array(vocabSize * dimensions)
  table.set(data.subarray(0, before * dimensions))
  for (const [i, word] of added.entries()) {
    const row = words.get(word)!.map((value) => value * Math.sqrt(dimensions))
    table.set(row, (before + i) * dimensions)
  }
  table.set(data.subarray(before * dimensions), tokens.length * dimensions)
  const graph = upcastWeights(parts.graph)
  // Known rows are rounded to what they were.
  const initializers = new Map([
    ...graph.initializers,
    ...roundTable(tableName, table, [vocabSize, dimensions]),
  ])
  return {
    graph: storeWeightsAsFloat16({ ...graph, initializers }),
    files: describeTokenizer(vocabulary, {
      contextLength,
      pattern: wordPatternFor(words.keys()),
      wholeWords: true,
    }),
    vocabSize,
    added: added.length,
  }
}

function readTable(graph: Graph): { readonly data: Float32Array; readonly dimensions: number } {
  const table = readInt8Table(upcastWeights(graph), tableName)
  if (table !== null) return { data: table.data, dimensions: table.dims[1] }
  throw new Error(`the text encoder has no ${tableName}: it was not made by this recipe`)
}

function readVocabulary(tokenizer: TokenizerFiles['tokenizer']) {
  const { vocab, merges } = modelSchema.parse(tokenizer).model
  const byId = Object.entries(vocab).sort(([, a], [, b]) => a - b)
  const tokens = byId.slice(0, -specialTokens).map(([token]) => token)
  const pairs = merges.map((merge) => {
    const [left, right] = merge.split(' ')
    return [vocab[left!]!, vocab[right!]!] as const
  })
  return { tokens, merges: pairs }
}
