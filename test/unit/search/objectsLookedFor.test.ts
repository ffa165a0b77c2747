/** Which things of a query are looked for among those that were found in photos. */
import { expect, test } from 'vitest'
import { objectsLookedFor } from '../../../main/search/objectsLookedFor.js'
import { parseQuery } from '../../../shared/query/parseQuery.js'

const known = new Set(['dog', 'person', 'hot dog', 'cat', 'orange', 'boat', 'wine glass'])

test.each([
  ['dog', [['dog']], [], true],
  ['two dogs', [['dog']], [], true],
  ['a photo of people', [['person']], [], true],
  ['a dog in the snow', [['dog']], [], false],
  ['hot dogs', [['hot dog']], [], true],
  ['a woman with a puppy', [['person'], ['dog']], [], true],
  ['wine glasses', [['wine glass']], [], true],
  ['pets', [['cat', 'dog']], [], true],
  ['boats - people', [['boat']], ['person'], true],
  ['boats - crowded beach', [['boat']], [], true],
  ['dog + like:12', [['dog']], [], false],
  ['orange sunset', null, [], false],
  ['an orange', [['orange']], [], true],
  ['zebra', null, [], false],
  ['holidays', null, [], false],
  ['- dog', null, [], false],
])('%s', (query, wanted, unwanted, isAll) => {
  const found = objectsLookedFor(parseQuery(query).terms, known)
  expect(found).toEqual(wanted && { wanted, unwanted, isAll })
})
