/** Trains CLIP's kind of tokenizer on captions. */
import { learnMerges } from './learnMerges.js'
import { wordPatternFor, wordSplitter } from './splitWords.js'
import { describeTokenizer, type TokenizerFiles } from './tokenizerFiles.js'
import { Vocabulary } from './Vocabulary.js'

export interface TokenizerTraining {
  /** Tokens in all, before those that `words` add; at least the 512 of bytes and 2 special ones. */
  readonly vocabSize: number
  /**
   * Words that become one token each, however rare; those that CLIP's pattern cuts are left out.
   * With words of Chinese or Japanese, the tokenizer finds them in writing without spaces.
   */
  readonly words?: readonly string[]
  /** Longest sequence of the text tower, with its start and end tokens. */
  readonly contextLength?: number
}

/** Tokens that are there without any training: two for each byte, start and end of text. */
const fixedTokens = 514

/**
 * Learns byte-level BPE from the captions' words and from `words`. Deterministic. A pair that occurs
 * only once is not worth a token.
 *
 * [Note: whole words without merges]
 * To reach a rare word by merges, its parts need tokens too: 12,000 of them for 17,000 English
 * words. So a word that the merges leave in parts is stored whole, and `ignore_merges` tells the
 * tokenizer to look a word up before it merges. Such a token has no `</w>`.
 */
export function trainTokenizer(
  captions: Iterable<string>,
  { vocabSize, words = [], contextLength = 77 }: TokenizerTraining,
): TokenizerFiles {
  const vocabulary = new Vocabulary()
  const pattern = wordPatternFor(words)
  const split = wordSplitter(pattern)
  const whole = words.map(split).flatMap((parts) => (parts.length === 1 ? parts : []))
  const counted = [...countWords(captions, split, whole)].map(([word, count]) => ({
    tokens: vocabulary.spell(word),
    count,
  }))
  const limit = Math.max(0, vocabSize - fixedTokens)
  learnMerges(counted, { limit, minCount: 2 }, (merge) => vocabulary.addMerge(merge))
  for (const word of whole) vocabulary.addWord(word)
  return describeTokenizer(vocabulary, { contextLength, pattern, wholeWords: words.length > 0 })
}

function countWords(
  captions: Iterable<string>,
  split: (text: string) => string[],
  words: readonly string[],
): Map<string, number> {
  const counts = new Map(words.map((word) => [word, 1]))
  for (const caption of captions) {
    for (const word of split(caption)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}
