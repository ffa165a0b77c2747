/** Which queries are surely not English; a wrong notice is worse than none. */
import { expect, test } from 'vitest'
import {
  foreignLanguageOf,
  understands,
  unnamedLanguage,
} from '../../../shared/query/languageOf.js'

test.each([
  'dog',
  'a dog in the snow',
  'sunset',
  'birthday cake',
  'die hard poster',
  'Paris at night',
  'tour eiffel',
  'sushi',
  'taco',
  'a la carte menu',
  'Mona Lisa',
  'tram in lisbon',
  'dim sum',
  'café',
  'crème brûlée',
  'el capitan',
  'los angeles at night',
  'the las vegas strip',
  'van on a road',
  'man on the moon',
  'wedding in tuscany',
  'Anna and Tom',
  'IMG 2034',
  'hund',
  'no people',
  'over the hills',
  'Zoë in Zürich',
  'smörgåsbord',
  'vitamin i y z',
  '',
])('%s may be English', (query) => {
  expect(foreignLanguageOf(query)).toBeNull()
})

test.each([
  ['собака в снегу', 'Russian'],
  ['собака і кішка', 'Ukrainian'],
  ['雪の中の犬', 'Japanese'],
  ['雪地里的狗', 'Chinese'],
  ['눈 속의 개', 'Korean'],
  ['كلب في الثلج', 'Arabic'],
  ['σκύλος', 'Greek'],
  ['ein hund im schnee', 'German'],
  ['Sonnenuntergang am Meer mit Booten', 'German'],
  ['chien dans la neige', 'French'],
  ['une voiture rouge', 'French'],
  ['coche rojo con niños', 'Spanish'],
  ['gatto sul divano', 'Italian'],
  ['cachorro com uma bola', 'Portuguese'],
  ['kat met een bal', 'Dutch'],
  ['hund på stranden', 'Swedish'],
  ['pies przy domu', 'Polish'],
  ['grüne bäume', 'another language'],
])('%s is %s', (query, language) => {
  expect(foreignLanguageOf(query)).toBe(language)
})

test.each([
  ['english', 'German', false],
  ['many', 'German', true],
  ['many', unnamedLanguage, true],
  [['English', 'German'], 'German', true],
  [['English', 'German'], 'Thai', false],
  [['English', 'German'], unnamedLanguage, null],
  [null, 'German', null],
] as const)('a model of %j understands %s: %j', (known, language, answer) => {
  expect(understands(typeof known === 'object' ? known && [...known] : known, language)).toBe(
    answer,
  )
})
