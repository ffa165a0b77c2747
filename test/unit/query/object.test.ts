/** `object:` and the words for the things that encoders find. */
import { expect, test } from 'vitest'
import { formatQuery } from '../../../shared/query/formatQuery.js'
import { classesOf, countOfObjects, pluralOf } from '../../../shared/query/objects/vocabulary.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'

test.each([
  ['object:dog', ['dog'], '>=', 1],
  ['object:Dogs', ['dog'], '>=', 1],
  ['object:people', ['person'], '>=', 1],
  ['object:women', ['person'], '>=', 1],
  ['object:dog>=2', ['dog'], '>=', 2],
  ['object:dog>1', ['dog'], '>', 1],
  ['object:boat=3', ['boat'], '=', 3],
  ['object:"2 dogs"', ['dog'], '>=', 2],
  ['object:"2 cell phones"', ['cell phone'], '>=', 2],
  ['object:sofa', ['couch'], '>=', 1],
  ['object:pets', ['cat', 'dog'], '>=', 1],
  ['object:"cell phones>=2"', ['cell phone'], '>=', 2],
])('%s', (text, names, comparison, amount) => {
  const { filters, problems } = parseQuery(text)
  expect(problems).toEqual([])
  expect(filters).toMatchObject([{ name: 'object', values: [{ names, comparison, amount }] }])
  expect(parseQuery(formatQuery(parseQuery(text))).filters).toMatchObject([
    { values: [{ names, comparison, amount }] },
  ])
})

test.each([
  'object:',
  'object:2',
  'object:>=2',
  'object:dog>=',
  'object:dog<2',
  'object:dog>=many',
])('what is wrong in %s', (text) => {
  const { filters, problems } = parseQuery(text)
  expect(filters).toEqual([])
  expect(problems).toHaveLength(1)
})

test('a class that no list here knows is asked for as it is, or as what it may be the plural of', () => {
  expect(classesOf('platypus')).toContain('platypus')
  expect(classesOf('Cherries')).toContain('cherry')
  expect(classesOf('wine glasses')).toContain('wine glass')
  expect(classesOf('foxes')).toContain('fox')
  expect(classesOf('glass')).toEqual(['glass'])
})

test('things are counted as people say it', () => {
  const told = [
    ['person', '2 people'],
    ['dog', '2 dogs'],
    ['bus', '2 buses'],
    ['wine glass', '2 wine glasses'],
    ['teddy bear', '2 teddy bears'],
    ['sheep', '2 sheep'],
    ['knife', '2 knives'],
    ['toothbrush', '2 toothbrushes'],
    ['bicycle', '2 bicycles'],
    ['tv', '2 tvs'],
  ] as const
  for (const [name, text] of told) expect(countOfObjects(name, 2)).toBe(text)
  expect(countOfObjects('person', 1)).toBe('1 person')
  expect(pluralOf('city')).toBe('cities')
  expect(pluralOf('toy')).toBe('toys')
})
