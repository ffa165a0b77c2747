/** The tokens of a byte-level BPE tokenizer and its merges, as they grow during training. */
import { byteOrder, characterOfByte, toByteCharacters } from './byteAlphabet.js'
import type { Merge } from './learnMerges.js'

/** Marks the last token of a word, so that "cat" in "catalogue" is another token than "cat". */
export const endOfWord = '</w>'

/** What a vocabulary grows from: tokens by id, and pairs of ids by rank. */
export interface KnownVocabulary {
  readonly tokens: readonly string[]
  readonly merges: readonly Merge[]
}

const byteTokens = ['', endOfWord].flatMap((suffix) =>
  byteOrder.map((byte) => characterOfByte[byte]! + suffix),
)

/** Grows by `addMerge` and `addWord`; ids are given in order of appearance, the 512 byte tokens first. */
export class Vocabulary {
  readonly tokens: string[] = []
  readonly merges: Merge[] = []
  private readonly ids = new Map<string, number>()
  private readonly ranks = new Map<string, number>()

  constructor(known: KnownVocabulary = { tokens: byteTokens, merges: [] }) {
    for (const token of known.tokens) this.idOf(token)
    for (const merge of known.merges) this.addMerge(merge)
  }

  /** The id of `token`, a new one if it is unknown. */
  private idOf(token: string): number {
    const known = this.ids.get(token)
    if (known !== undefined) return known
    this.ids.set(token, this.tokens.length)
    return this.tokens.push(token) - 1
  }

  /** The id of the token that `merge` makes; a merge known before keeps its first rank. */
  addMerge(merge: Merge): number {
    const [left, right] = merge
    const key = `${left} ${right}`
    if (!this.ranks.has(key)) this.ranks.set(key, this.merges.push(merge) - 1)
    return this.idOf(this.tokens[left]! + this.tokens[right]!)
  }

  /** A word's bytes as token ids, before any merge. */
  spell(word: string): number[] {
    const characters = [...toByteCharacters(word)]
    const last = characters.length - 1
    return characters.map((character, i) => this.idOf(character + (i === last ? endOfWord : '')))
  }

  /** Gives `word` a token of its own, unless it is one already. */
  addWord(word: string): void {
    if (this.merge(this.spell(word)).length > 1) this.idOf(toByteCharacters(word))
  }

  /** Applies the merges: always the one of lowest rank, leftmost first. */
  private merge(tokens: number[]): number[] {
    for (;;) {
      let best = Number.POSITIVE_INFINITY
      let at = 0
      for (let i = 1; i < tokens.length; i++) {
        const rank = this.ranks.get(`${tokens[i - 1]} ${tokens[i]}`) ?? Number.POSITIVE_INFINITY
        if (rank < best) [best, at] = [rank, i]
      }
      if (best === Number.POSITIVE_INFINITY) return tokens
      const [left, right] = this.merges[best]!
      tokens.splice(at - 1, 2, this.idOf(this.tokens[left]! + this.tokens[right]!))
    }
  }
}
