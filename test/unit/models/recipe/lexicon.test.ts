import { describe, expect, it } from 'vitest'
import type { Picture } from '../../../../models/recipe/corpus/picture.js'
import {
  parseStampTranslations,
  type Translation,
} from '../../../../models/recipe/corpus/translations.js'
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
const picture = (
  concept: string,
  name: string,
  translated: string,
  language: Translation['language'] = 'de',
): Picture => ({
  id: concept,
  collection: 'stamps',
  image: { svg: '' },
  concept,
  name,
  aliases: [],
  keywords: [],
  kinds: [],
  translations: [{ language, name: translated, keywords: [] }],
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

describe('buildLexicon without spaces between words', () => {
  const unspaced = buildLexicon(
    [
      picture('1', 'dog', '小狗', 'zh'),
      picture('2', 'car', '汽车', 'zh'),
      picture('3', 'red car', '红色的汽车', 'zh'),
      picture('4', 'red hand', '红色的手', 'zh'),
      picture('5', 'red car', '赤いスポーツカー', 'ja'),
      picture('6', 'red dog', 'tシャツを着た赤い犬', 'ja'),
    ],
    english,
  )

  it('takes the words that a dictionary finds, and their characters', () => {
    expect(unspaced.get('汽车')![1]).toBeGreaterThan(0.9)
    expect(unspaced.get('车')![1]).toBeGreaterThan(0.9)
    expect(unspaced.get('红色')![2]).toBeGreaterThan(0.6)
    expect(unspaced.get('赤い')![2]).toBeGreaterThan(0.6)
    expect(unspaced.get('犬')![0]).toBeGreaterThan(0.5)
  })

  it('takes no whole name for a word, and nothing that the tokenizer could not find', () => {
    const words = [...unspaced.keys()]
    expect(words.filter((word) => word.length > 6)).toEqual([])
    expect(words).toContain('シャツ')
    expect(words.filter((word) => word.includes('t'))).toEqual([])
  })
})

describe('parseStampTranslations', () => {
  it('takes the first sentence of the known languages, without its article', () => {
    const lines = [
      'af.utf8=’n kameel',
      'de.utf8=Ein Kamel. Es ist groß.',
      'fr.utf8=Un chameau.',
      'zh_cn.utf8=一只骆驼。它很大。',
    ]
    expect(parseStampTranslations(lines)).toEqual([
      { language: 'de', name: 'kamel', keywords: [] },
      { language: 'fr', name: 'chameau', keywords: [] },
      { language: 'zh', name: '一只骆驼', keywords: [] },
    ])
  })
})
