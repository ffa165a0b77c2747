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
  const named = found && { ...found, wanted: found.wanted.map(({ names }) => names) }
  expect(named).toEqual(wanted && { wanted, unwanted, isAll })
})

test.each([
  ['a dog', [1]],
  ['two dogs', [2]],
  ['3 brown dogs', [3]],
  ['a couple of cats and a dog', [2, 1]],
  ['several people', [3]],
  ['2019 dogs', [1]],
])('%s asks for so many', (query, amounts) => {
  const { wanted } = objectsLookedFor(parseQuery(query).terms, known)!
  expect(wanted.map(({ amount }) => amount)).toEqual(amounts)
})
