import { describe, expect, it } from 'vitest'
import { mixKinds } from '../../../../models/recipe/words/mixKinds.js'

const axes: Readonly<Record<string, number>> = {
  magpie: 0,
  corvine: 1,
  bird: 2,
  animal: 3,
  football: 4,
  club: 5,
}
const vectors = {
  words: Object.keys(axes),
  dimensions: 6,
  vectorOf(word: string) {
    const axis = axes[word]
    if (axis === undefined) return undefined
    return Float32Array.from({ length: 6 }, (_, i) => (i === axis ? 1 : 0))
  },
}
/** The last six are too general to tell anything. */
const general = ['being', 'living thing', 'whole', 'object', 'physical entity', 'entity']
const ancestors: Readonly<Record<string, readonly string[]>> = {
  magpie: ['corvine bird', 'bird', 'animal', ...general],
  animal: general,
  club: ['association', 'group', 'abstraction', 'entity'],
}
const mixed = mixKinds(vectors, {
  isThing: (word) => word !== 'football',
  hypernyms: (word) => [...(ancestors[word] ?? [])],
})

describe('mixKinds', () => {
  it('moves a thing towards its kinds, most to the nearest one', () => {
    const magpie = mixed.vectorOf('magpie')!
    expect(Math.hypot(...magpie)).toBeCloseTo(1, 6)
    expect(magpie[0]).toBeGreaterThan(0.7)
    // "corvine bird" and "bird" both lie along it.
    expect(magpie[2]).toBeGreaterThan(magpie[1]!)
    expect(magpie[1]).toBeGreaterThan(magpie[3]!)
    expect(magpie[3]).toBeGreaterThan(0.1)
    expect([magpie[4], magpie[5]]).toEqual([0, 0])
  })

  it('leaves what is no thing, nothing physical, or of no narrower kind as it is', () => {
    for (const word of ['football', 'club', 'animal', 'bird']) {
      expect(mixed.vectorOf(word)).toEqual(vectors.vectorOf(word))
    }
    expect(mixed.vectorOf('unknown')).toBeUndefined()
  })
})
