/** The starter's tokenizer, and the frozen vector of each of its tokens. */
import { toByteCharacters } from '../../../main/ml/clip/tokenizer/byteAlphabet.js'
import { createTokenizer, type Tokenizer } from '../../../main/ml/clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../../main/ml/clip/tokenizer/tokenizerFiles.js'
import { trainTokenizer } from '../../../main/ml/clip/tokenizer/trainTokenizer.js'
import { createRandom } from '../../../main/ml/training/random.js'
import type { WordVectors } from '../words/embeddings.js'

export interface Vocabulary {
  readonly files: TokenizerFiles
  readonly tokenizer: Tokenizer
  /** `[vocabSize, dimensions]`, each row of mean square 1, less for pieces of words. */
  readonly tokenEmbedding: Float32Array
}

/** Longest caption in tokens; a question of ten words has room to spare. */
export const contextLength = 32
/** Tokens besides the whole words: bytes and the commonest pieces of what is no known word. */
const pieceTokens = 1_500
/** Pieces mean little by themselves. */
const pieceStrength = 0.3

export function buildVocabulary(captions: Iterable<string>, vectors: WordVectors): Vocabulary {
  const files = trainTokenizer(captions, {
    vocabSize: pieceTokens,
    words: vectors.words,
    contextLength,
  })
  const tokenizer = createTokenizer(files)
  const { dimensions } = vectors
  const embedding = new Float32Array(tokenizer.vocabSize * dimensions)
  const { vocab } = files.tokenizer['model'] as { vocab: Record<string, number> }
  const wordOf = new Map(vectors.words.map((word) => [toByteCharacters(word), word]))
  for (const [token, id] of Object.entries(vocab)) {
    const row = embedding.subarray(id * dimensions, (id + 1) * dimensions)
    const spelling = token.replace(/<\/w>$/, '')
    const known = vectors.vectorOf(wordOf.get(spelling) ?? spelling)
    if (known === undefined) fillRandom(row, id)
    else row.set(known.map((value) => value * Math.sqrt(dimensions)))
  }
  return { files, tokenizer, tokenEmbedding: embedding }
}

/** A direction of its own for what has no vector, the same for the same id. */
function fillRandom(row: Float32Array, id: number): void {
  const random = createRandom(embeddingStream, id)
  for (let i = 0; i < row.length; i++) {
    row[i] = random.between(-1, 1) * Math.sqrt(3) * pieceStrength
  }
}

const embeddingStream = 13
