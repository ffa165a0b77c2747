/** Tells what of a query's things was found in photos: why they are among the results. */
import { countOfObjects } from '../../shared/query/objects/vocabulary.js'
import type { ParsedQuery } from '../../shared/query/query.js'
import type { Database } from '../storage/openDatabase.js'
import { objectsFilteredBy, objectsLookedFor } from './objectsLookedFor.js'

/** By photo, such as "2 dogs" and "1 person". */
export async function tellObjects(
  { objects }: Pick<Database, 'objects'>,
  { terms, filters }: ParsedQuery,
  photoIds: readonly number[],
): Promise<Map<number, string[]>> {
  const looked = objectsLookedFor(terms, await objects.names())?.wanted ?? []
  const names = [
    ...new Set([...looked.flatMap((thing) => thing.names), ...objectsFilteredBy(filters)]),
  ]
  const told = new Map<number, string[]>()
  if (names.length === 0) return told
  for (const { photoId, name, count } of await objects.countIn(photoIds, names)) {
    told.set(photoId, [...(told.get(photoId) ?? []), countOfObjects(name, count)])
  }
  return told
}
