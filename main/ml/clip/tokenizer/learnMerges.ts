/** Byte-pair encoding (Sennrich 2016): learns which pairs of tokens to merge, most frequent first. */
import { PairQueue } from './PairQueue.js'

/** A distinct word as token ids, which merging shortens in place, and how often it occurs. */
export interface CountedWord {
  readonly tokens: number[]
  readonly count: number
}

/** Two token ids that become a new one. */
export type Merge = readonly [left: number, right: number]

/** Where a pair occurs: its total count, and the words that may hold it. */
interface PairPlace {
  count: number
  readonly words: Set<CountedWord>
}

// Pairs are keyed by one number: ids stay far below 2^26, so the key is a safe integer.
const keyBase = 2 ** 26

/**
 * Merges the most frequent pair until none is left, `limit` is reached, or the best pair occurs
 * less than `minCount` times. Counts are updated where a merge happened, never recounted.
 *
 * @param idOf the id of the token that a pair makes; called once per merge, in order
 */
export function learnMerges(
  words: Iterable<CountedWord>,
  { limit, minCount }: { readonly limit: number; readonly minCount: number },
  idOf: (merge: Merge) => number,
): Merge[] {
  const pairs = new PairIndex()
  for (const word of words) pairs.addWord(word)
  pairs.enqueueTouched()
  const merges: Merge[] = []
  while (merges.length < limit) {
    const best = pairs.takeBest()
    if (best === undefined || best.count < minCount) break
    const merge: Merge = [best.left, best.right]
    merges.push(merge)
    pairs.merge(merge, idOf(merge))
  }
  return merges
}

/** Counts of all adjacent pairs, kept true while merging. */
class PairIndex {
  private readonly places = new Map<number, PairPlace>()
  private readonly queue = new PairQueue()
  private readonly touched = new Set<number>()

  addWord(word: CountedWord): void {
    for (let i = 1; i < word.tokens.length; i++) {
      this.change(word.tokens[i - 1]!, word.tokens[i]!, word, 1)
    }
  }

  /** The pair that occurs most, with its true count. */
  takeBest(): { left: number; right: number; count: number } | undefined {
    for (;;) {
      const top = this.queue.pop()
      if (top === undefined) return undefined
      const count = this.places.get(top.left * keyBase + top.right)?.count ?? 0
      // Counts fall without a new entry; an entry that is out of date goes back with its true count.
      if (count === top.count) return top
      if (count > 0 && count < top.count) this.queue.push({ ...top, count })
    }
  }

  merge([left, right]: Merge, merged: number): void {
    const place = this.places.get(left * keyBase + right)
    if (place === undefined) return
    for (const word of place.words) this.mergeIn(word, left, right, merged)
    this.places.delete(left * keyBase + right)
    this.enqueueTouched()
  }

  enqueueTouched(): void {
    for (const key of this.touched) {
      const count = this.places.get(key)?.count ?? 0
      if (count > 0) {
        this.queue.push({ left: Math.floor(key / keyBase), right: key % keyBase, count })
      }
    }
    this.touched.clear()
  }

  private mergeIn(word: CountedWord, left: number, right: number, merged: number): void {
    const { tokens } = word
    if (!holdsPair(tokens, left, right)) return
    for (let i = 1; i < tokens.length; i++) this.change(tokens[i - 1]!, tokens[i]!, word, -1)
    let length = 0
    for (let i = 0; i < tokens.length; i++) {
      const isPair = tokens[i] === left && tokens[i + 1] === right
      tokens[length++] = isPair ? merged : tokens[i]!
      if (isPair) i++
    }
    tokens.length = length
    this.addWord(word)
  }

  private change(left: number, right: number, word: CountedWord, sign: 1 | -1): void {
    const key = left * keyBase + right
    let place = this.places.get(key)
    if (place === undefined) {
      place = { count: 0, words: new Set() }
      this.places.set(key, place)
    }
    place.count += sign * word.count
    if (sign > 0) {
      place.words.add(word)
      this.touched.add(key)
    }
  }
}

function holdsPair(tokens: readonly number[], left: number, right: number): boolean {
  for (let i = 1; i < tokens.length; i++) {
    if (tokens[i - 1] === left && tokens[i] === right) return true
  }
  return false
}
