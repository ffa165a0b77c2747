/** Photos that show the things a query names, as two more lists to rank by. */
import type { Term } from '../../shared/query/query.js'
import type { Database } from '../storage/openDatabase.js'
import { objectsLookedFor } from './objectsLookedFor.js'
import type { HitList } from './ranking/rankPhotos.js'

/** Relevance of a photo that surely shows all that is looked for: about as often as such finds are right. */
const wholeRelevance = 0.7
/** Relevance of one that shows some of it, such as a dog where a dog in the snow is looked for, or perhaps all. */
const partRelevance = 0.3

export async function objectHits(
  { objects }: Pick<Database, 'objects'>,
  terms: readonly Term[],
): Promise<HitList[]> {
  if (!terms.some(({ kind }) => kind === 'words')) return []
  const query = objectsLookedFor(terms, await objects.names())
  if (query === null) return []
  const { ids, sure } = await objects.search(query.wanted, query.unwanted)
  const whole = query.isAll ? sure : 0
  return [
    { ids: ids.slice(0, whole), relevance: wholeRelevance },
    { ids: ids.slice(whole), relevance: partRelevance },
  ]
}
