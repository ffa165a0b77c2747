/** The query language: what each notation means, and that no text is too strange for it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorPlace } from '../../../shared/query/cursorPlace.js'
import { formatQuery } from '../../../shared/query/formatQuery.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'

const today = '2024-03-31'

/** Things looked for, as `weight text`. */
function terms(text: string): string[] {
  return parseQuery(text, { today }).terms.map((term) => {
    const what =
      term.kind === 'words' ? term.text : term.kind === 'like' ? term.photoId : term.picture
    return `${term.weight} ${what}`
  })
}

function filters(text: string) {
  const parsed = parseQuery(text, { today }).filters
  return parsed.map(({ name, values, negated }) => [
    `${negated ? '-' : ''}${name}`,
    ...values.map(({ text: _, ...value }) => Object.values(value)[0] ?? _),
  ])
}

function problems(text: string): string[] {
  return parseQuery(text, { today }).problems.map(({ start, end }) => text.slice(start, end))
}

test.each<[string, string[]]>([
  ['red car', ['1 red car']],
  ['beach + sunset - people', ['1 beach', '1 sunset', '-1 people']],
  ['red car - old people walking', ['1 red car', '-1 old people walking']],
  ['beach -people sea', ['1 beach', '-1 people', '1 sea']],
  ['black-and-white t-shirt', ['1 black-and-white t-shirt']],
  ['beach^2 + sunset^0.5', ['2 beach', '0.5 sunset']],
  ['red^2 car', ['2 red', '1 car']],
  ['"red car"^3 - "a + b"', ['3 red car', '-1 a + b']],
  ['an "old car', ['1 an old car']],
  ['"say ""hi"""', ['1 say "hi"']],
  ['beach like:12 -picture:3fa9^2', ['1 beach', '1 12', '-2 3fa9']],
  ['red tag:old car', ['1 red car']],
  ['- people', ['-1 people']],
  ['beach + -', ['1 beach']],
  ['  ', []],
  ['https://example.org at 12:30', ['1 https://example.org at 12:30']],
])('%s', (text, expected) => {
  expect(terms(text)).toEqual(expected)
  expect(problems(text)).toEqual([])
})

test.each<[string, (string | number)[][]]>([
  [
    'tag:dog,"black cat" -tag:old',
    [
      ['tag', 'dog', 'black cat'],
      ['-tag', 'old'],
    ],
  ],
  ['- folder:Holidays/2024', [['-folder', 'Holidays/2024']]],
  [
    'AFTER:2024 before:2024-05',
    [
      ['after', '2024-01-01'],
      ['before', '2024-05-01'],
    ],
  ],
  [
    'after:yesterday before:1m',
    [
      ['after', '2024-03-30'],
      ['before', '2024-03-02'],
    ],
  ],
  ['type:JPG,.heic', [['type', 'jpeg', 'heif']]],
  ['is:Untagged', [['is', 'untagged']]],
  [
    'size:>5mb size:<=12.5MP',
    [
      ['size', 'bytes'],
      ['size', 'pixels'],
    ],
  ],
])('%s', (text, expected) => {
  expect(filters(text)).toEqual(expected)
  expect(problems(text)).toEqual([])
})

test.each<[string, string[]]>([
  ['beach after:2024-02-31', ['2024-02-31']],
  ['is:lost,offline', ['lost']],
  ['fodler:x tag: size:big', ['fodler:x', 'tag:', 'big']],
  ['like:me like:0 picture:a,b picture:../x', ['like:me', 'like:0', 'picture:a,b', 'picture:../x']],
  ['beach^1000', ['^1000']],
])('what is wrong in %s', (text, expected) => {
  expect(problems(text)).toEqual(expected)
})

test('a filter with one bad value keeps the good ones', () => {
  expect(filters('is:lost,offline')).toEqual([['is', 'offline']])
})

/** Texts made of what the language is made of, so that few are plain words. */
const queryText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...['+', '-', '"', '""', ' ', ' ', ':', ',', '^', '^2', '^0', '.', 'a', 'b-c', '\n'],
        ...['tag:', 'is:', 'size:>5mb', 'like:', 'picture:', 'after:2024', 'x:', '://', '12', 'é'],
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
)

test('whatever is typed has an answer, whose places lie in the text and in order', () => {
  fc.assert(
    fc.property(queryText, (text) => {
      const { problems: found, tokens, terms: things, filters: kept } = parseQuery(text)
      for (const { start, end } of [...found, ...things, ...kept]) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
      }
      let at = 0
      for (const { start, end } of tokens) {
        expect(text.slice(at, start)).toMatch(/^[\s,]*$/)
        expect(end).toBeGreaterThan(start)
        at = end
      }
      expect(text.slice(at)).toMatch(/^[\s,]*$/)
    }),
    { numRuns: 3_000 },
  )
})

test('a query that is written down reads as the same query', () => {
  const meaning = (text: string) =>
    JSON.parse(
      JSON.stringify(parseQuery(text, { today }), (key, value: unknown) =>
        ['start', 'end', 'tokens', 'problems'].includes(key) ? undefined : value,
      ),
    ) as unknown
  fc.assert(
    fc.property(queryText, (text) => {
      const written = formatQuery(parseQuery(text, { today }))
      expect(meaning(written)).toEqual(meaning(text))
      expect(parseQuery(written, { today }).problems).toEqual([])
    }),
    { numRuns: 3_000 },
  )
})

test.each<[string, unknown]>([
  ['be|', { kind: 'word', typed: 'be', start: 0, end: 2 }],
  ['red |', { kind: 'word', typed: '', start: 4, end: 4 }],
  ['-ta|g:x', { kind: 'word', typed: 'ta', start: 1, end: 5 }],
  ['red tag:do|g car', { kind: 'value', filter: 'tag', typed: 'do', start: 8, end: 11 }],
  ['tag:a,"b c|"', { kind: 'value', filter: 'tag', typed: 'b c', start: 6, end: 11 }],
  ['tag:|', { kind: 'value', filter: 'tag', typed: '', start: 4, end: 4 }],
  ['"red c|ar"', null],
  ['like:1|2', null],
])('what stands at the cursor in %s', (marked, expected) => {
  const cursor = marked.indexOf('|')
  expect(cursorPlace(marked.replace('|', ''), cursor)).toEqual(expected)
})

test('a cursor anywhere in any text stands somewhere', () => {
  fc.assert(
    fc.property(queryText, fc.nat(45), (text, cursor) => {
      const place = cursorPlace(text, cursor)
      if (place === null) return
      expect(place.start).toBeLessThanOrEqual(cursor)
      expect(place.end).toBeGreaterThanOrEqual(cursor)
    }),
    { numRuns: 3_000 },
  )
})
