import { describe, expect, it } from 'vitest'
import type { Collection, Picture } from '../../../../models/recipe/corpus/picture.js'
import { buildDataset } from '../../../../models/recipe/training/dataset.js'

const picture = (collection: Collection, concept: string): Picture => ({
  id: `${collection}/${concept}`,
  collection,
  image: { svg: '' },
  concept,
  name: concept,
  aliases: [],
  keywords: [],
  kinds: [],
})
const pictures = [
  picture('apple', 'cat'),
  picture('google', 'cat'),
  picture('twitter', 'cat'),
  picture('apple', 'dog'),
  picture('stamps', 'dog'),
  picture('facebook', 'cat'),
]
const facts = pictures.map((_, i) => (i === 2 ? null : { colour: null, thumbnail: '' }))

const dataset = buildDataset({
  pictures,
  facts,
  isTraining: (i) => pictures[i]!.collection !== 'facebook',
  scenes: [{ id: 'scene', things: [{ picture: 3, count: 1, colour: null }], ground: null }],
  wordNet: { hypernyms: () => [], synonyms: () => [] },
})

describe('buildDataset', () => {
  it('takes what is trained on and readable, stamps three times, then scenes', () => {
    expect(dataset.items.map(({ feature }) => feature)).toEqual([0, 1, 3, 4, 4, 4, 6])
  })

  it('knows the other pictures of the same concept that are trained on', () => {
    const siblings = new Map(dataset.items.map((item) => [item.feature, item.siblings]))
    expect(Object.fromEntries(siblings)).toEqual({ 0: [1], 1: [0], 3: [4], 4: [3], 6: [] })
  })
})
