import { describe, expect, it } from 'vitest'
import type { Picture } from '../../../../models/recipe/corpus/picture.js'
import { parseStampTranslations } from '../../../../models/recipe/corpus/translations.js'
import { buildLexicon, joinVectors } from '../../../../models/recipe/words/lexicon.js'

const axes = ['dog', 'car', 'red', 'hand', 'rot']
const english = {
  words: axes,
  dimensions: 5,
  vectorOf: (word: string) => {
    const at = axes.indexOf(word)
    return at < 0 ? undefined : Float32Array.from({ length: 5 }, (_, i) => (i === at ? 1 : 0))
  },
}
const picture = (concept: string, name: string, translated: string): Picture => ({
  id: concept,
  collection: 'stamps',
  image: { svg: '' },
  concept,
  name,
  aliases: [],
  keywords: [],
  kinds: [],
  translations: [{ language: 'de', name: translated, keywords: [] }],
})
const lexicon = buildLexicon(
  [
    picture('1', 'dog', 'der hund'),
    picture('2', 'car', 'der wagen'),
    picture('3', 'red car', 'der rote wagen'),
    picture('5', 'red', 'rot'),
    picture('4', 'hand', 'der hand'),
    picture('4', 'hand', 'der arm'),
  ],
  english,
)

describe('buildLexicon', () => {
  it('gives a word the vector of the English word that goes with the same pictures', () => {
    expect([...lexicon.get('hund')!]).toEqual([1, 0, 0, 0, 0])
    const wagen = lexicon.get('wagen')!
    expect(wagen[1]).toBeGreaterThan(0.9)
    expect(wagen[0]).toBe(0)
  })

  it('gives words that go with everything a shorter one', () => {
    expect(Math.hypot(...lexicon.get('der')!)).toBeLessThan(Math.hypot(...lexicon.get('hund')!))
  })

  it('takes a word of the pictures before an English one that they do not use', () => {
    const vector = joinVectors(english, lexicon).vectorOf('rot')!
    expect(vector[2]).toBeGreaterThan(0.5)
    expect(vector[4]).toBe(0)
  })

  it('leaves words alone that pictures have in English, and counts a concept once', () => {
    expect(lexicon.has('hand')).toBe(false)
    expect(lexicon.has('arm')).toBe(false)
    const joined = joinVectors(english, lexicon)
    expect(joined.words).toContain('hund')
    expect([...joined.vectorOf('hand')!]).toEqual([0, 0, 0, 1, 0])
  })
})

describe('parseStampTranslations', () => {
  it('takes the first sentence of the known languages, without its article', () => {
    const lines = ['af.utf8=’n kameel', 'de.utf8=Ein Kamel. Es ist groß.', 'fr.utf8=Un chameau.']
    expect(parseStampTranslations(lines)).toEqual([
      { language: 'de', name: 'kamel', keywords: [] },
      { language: 'fr', name: 'chameau', keywords: [] },
    ])
  })
})
