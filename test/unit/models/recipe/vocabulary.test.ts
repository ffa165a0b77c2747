import { describe, expect, it } from 'vitest'
import { buildVocabulary } from '../../../../models/recipe/training/vocabulary.js'

describe('buildVocabulary', () => {
  const vectors = new Map([
    ['horse', Float32Array.of(1, 0, 0, 0)],
    ['zebra', Float32Array.of(0, 0.6, 0.8, 0)],
  ])
  const { tokenizer, tokenEmbedding } = buildVocabulary(['a horse', 'a horse face'], {
    words: ['horse', 'zebra'],
    dimensions: 4,
    vectorOf: (word) => vectors.get(word),
  })
  const rowOf = (id: number) => [...tokenEmbedding.subarray(4 * id, 4 * id + 4)]

  it('makes each word one token with its vector at mean square 1', () => {
    expect(rowOf(tokenizer.wordId('horse')!)).toEqual([2, 0, 0, 0])
    expect(rowOf(tokenizer.wordId('zebra')!)[2]).toBeCloseTo(1.6, 6)
  })

  it('has a row for every token, weaker ones for pieces', () => {
    expect(tokenEmbedding).toHaveLength(4 * tokenizer.vocabSize)
    const pieces = tokenizer.encodeText('qx').slice(1, -1)
    expect(pieces.length).toBeGreaterThan(1)
    for (const id of pieces) {
      const row = rowOf(id)
      expect(Math.hypot(...row)).toBeGreaterThan(0)
      expect(Math.hypot(...row)).toBeLessThan(2)
    }
  })
})
