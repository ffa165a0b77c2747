import fc from 'fast-check'
import { expect, it } from 'vitest'
import { learnMerges, type Merge } from '../../../../../main/ml/clip/tokenizer/learnMerges.js'

interface Word {
  tokens: number[]
  count: number
}

/** The same by counting anew before each merge. */
function learnByRecounting(words: Word[], limit: number, minCount: number): Merge[] {
  const merges: Merge[] = []
  while (merges.length < limit) {
    const counts = new Map<number, number>()
    for (const { tokens, count } of words) {
      for (let i = 1; i < tokens.length; i++) {
        const key = tokens[i - 1]! * 1000 + tokens[i]!
        counts.set(key, (counts.get(key) ?? 0) + count)
      }
    }
    const [best] = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
    if (best === undefined || best[1] < minCount) return merges
    const merge: Merge = [Math.floor(best[0] / 1000), best[0] % 1000]
    for (const word of words) word.tokens = replacePair(word.tokens, merge, 10 + merges.length)
    merges.push(merge)
  }
  return merges
}

function replacePair(tokens: number[], [left, right]: Merge, merged: number): number[] {
  const result: number[] = []
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) {
      result.push(merged)
      i++
    } else result.push(tokens[i]!)
  }
  return result
}

it('learns the merges that recounting finds, in the same order', () => {
  const word = fc.record({
    tokens: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
    count: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      (words, minCount) => {
        const copy = () => words.map(({ tokens, count }) => ({ tokens: [...tokens], count }))
        let next = 10
        const learned = learnMerges(copy(), { limit: 30, minCount }, () => next++)
        expect(learned).toEqual(learnByRecounting(copy(), 30, minCount))
      },
    ),
    { numRuns: 300 },
  )
})
