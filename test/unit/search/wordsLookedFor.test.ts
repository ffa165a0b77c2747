/** Which words of a query are looked for in full text, and whether the last one may go on. */
import { expect, test } from 'vitest'
import { wordsLookedFor } from '../../../main/search/wordsLookedFor.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'

test.each([
  ['gar', ['gar'], true],
  ['the old gar', ['old', 'gar'], true],
  ['old gar in', ['old', 'gar'], false],
  ['"old gar"', ['old gar'], false],
  ['gar - tree', ['gar'], false],
  ['tree + gar', ['tree', 'gar'], true],
])('%s', (query, all, unfinished) => {
  expect(wordsLookedFor(parseQuery(query).terms)).toMatchObject({ all, unfinished })
})
