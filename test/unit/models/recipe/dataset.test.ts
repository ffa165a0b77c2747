import { describe, expect, it } from 'vitest'
import type { Collection, Picture } from '../../../../models/recipe/corpus/picture.js'
import { buildDataset, keepItems } from '../../../../models/recipe/training/dataset.js'

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
  rounds: [1, 2].map((round) => ({ picture: 4, round })),
  wordNet: { hypernyms: () => [], synonyms: () => [] },
})

describe('buildDataset', () => {
  it('takes what is trained on and readable, stamps three times, then scenes', () => {
    expect(dataset.items.map(({ feature }) => feature)).toEqual([0, 1, 3, 4, 4, 4, 6])
  })

  it('knows where further views of a picture lie, after the scenes', () => {
    const further = new Map(dataset.items.map((item) => [item.feature, item.further]))
    expect(Object.fromEntries(further)).toEqual({ 0: [], 1: [], 3: [], 4: [7, 8], 6: [] })
  })

  it('knows the other drawings of the same concept that are trained on', () => {
    const siblings = new Map(dataset.items.map((item) => [item.feature, item.siblings]))
    expect(Object.fromEntries(siblings)).toEqual({ 0: [1], 1: [0], 3: [], 4: [], 6: [] })
  })
})

describe('keepItems', () => {
  it('leaves other pictures out, as siblings too, and what is true of those that stay as it was', () => {
    const kept = keepItems(dataset, (feature) => pictures[feature]?.collection === 'apple')
    expect(kept.items.map(({ feature, siblings }) => [feature, siblings])).toEqual([
      [0, []],
      [3, []],
    ])
    const truths = ({ items, meanings }: typeof dataset) =>
      new Map(items.map(({ feature }, i) => [feature, meanings.ofItems[i]]))
    expect(truths(kept).get(3)).toBe(truths(dataset).get(3))
    expect(kept.captions).toEqual(dataset.captions)
  })
})
