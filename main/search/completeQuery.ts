/** Offers what may be meant at the cursor: filters, values that the library has, past searches. */
import type { Completion } from '../../shared/domain/search.js'
import { type CursorPlace, cursorPlace } from '../../shared/query/cursorPlace.js'
import { type FilterName, filterKinds, filterNames } from '../../shared/query/filters/table.js'
import { formatValue } from '../../shared/query/formatQuery.js'
import { classesOf } from '../../shared/query/objects/vocabulary.js'
import type { Database } from '../storage/openDatabase.js'
import type { LibraryValue } from '../storage/repositories/libraryValues.js'
import { listFolders } from './listFolders.js'

const valuesOffered = 20
const tagsOffered = 6
const objectsOffered = 3
const searchesOffered = 5

export async function completeQuery(
  database: Database,
  text: string,
  cursor: number,
): Promise<Completion[]> {
  const place = cursorPlace(text, cursor)
  if (place === null) return []
  if (place.kind === 'value') return completeValue(database, place)
  const filters = completeFilter(place)
  const past = await completeSearch(database, text, cursor)
  // Before the first letter it is rather what was looked for before.
  if (text.trim() === '') return [...past, ...filters]
  return [
    ...filters,
    ...(await completeFromLibrary(database, place, 'tag', tagsOffered)),
    ...(await completeFromLibrary(database, place, 'object', objectsOffered)),
    ...past,
  ]
}

type PlaceOf<K> = Extract<CursorPlace, { kind: K }>

function completeFilter({ typed, start, end }: PlaceOf<'word'>): Completion[] {
  return filterNames
    .filter((name) => name.startsWith(typed.toLowerCase()))
    .map((name) => ({
      start,
      end,
      insert: `${name}:`,
      label: filterKinds[name].description,
      kind: 'filter',
      count: null,
    }))
}

/** A tag, or a thing that photos show, with the word being typed in it. */
async function completeFromLibrary(
  database: Database,
  { typed, start, end }: PlaceOf<'word'>,
  kind: 'tag' | 'object',
  limit: number,
): Promise<Completion[]> {
  if (typed === '') return []
  const found = await database.libraryValues.list(kind, typed, limit)
  return found.map(({ value, count }) => ({
    start,
    end,
    insert: `${kind}:${formatValue(value)}`,
    label: value,
    kind,
    count,
  }))
}

/** A past search that begins with all that is typed. */
async function completeSearch(
  database: Database,
  text: string,
  cursor: number,
): Promise<Completion[]> {
  if (cursor < text.trimEnd().length) return []
  const typed = text.trimStart().toLowerCase()
  const past = await database.searchHistory.list(1_000)
  return past
    .filter(({ query }) => query.toLowerCase().startsWith(typed) && query !== text.trim())
    .slice(0, searchesOffered)
    .map(({ query }) => ({
      start: 0,
      end: text.length,
      insert: query,
      label: query,
      kind: 'history',
      count: null,
    }))
}

async function completeValue(
  database: Database,
  { filter, typed, start, end }: PlaceOf<'value'>,
): Promise<Completion[]> {
  const found = await valuesOf(database, filter, typed)
  return found.map(({ value, count }) => ({
    start,
    end,
    insert: formatValue(value),
    label: value,
    kind: 'value',
    count,
  }))
}

async function valuesOf(
  database: Database,
  filter: FilterName,
  typed: string,
): Promise<{ value: string; count: number | null }[]> {
  const { values, example } = filterKinds[filter]
  if (filter === 'folder') return holding(await listFolders(database), typed)
  if (filter === 'object') return objectsLike(database, typed)
  if (filter === 'tag' || filter === 'camera' || filter === 'type') {
    return database.libraryValues.list(filter, typed, valuesOffered)
  }
  if (filter === 'after' || filter === 'before') {
    const found = await database.libraryValues.times(typed, valuesOffered)
    if (found.length > 0) return found
  }
  if (filter === 'name' && typed !== '') {
    const names = await database.libraryValues.names(typed, valuesOffered)
    return names.map((value) => ({ value, count: null }))
  }
  const known = typeof values === 'string' ? [example] : values
  return known
    .filter((value) => value.startsWith(typed.toLowerCase()))
    .map((value) => ({ value, count: null }))
}

/** Things with the text in their name, or that have the text for another name: "people". */
async function objectsLike(database: Database, typed: string): Promise<LibraryValue[]> {
  const found = await database.libraryValues.list('object', typed, valuesOffered)
  if (found.length > 0 || typed.trim() === '') return found
  const all = await database.libraryValues.list('object', '', 1_000)
  const names = classesOf(typed)
  return all.filter(({ value }) => names.includes(value))
}

/** Folders with the text in their path, those with most photos first. */
function holding(folders: readonly LibraryValue[], typed: string): LibraryValue[] {
  return folders
    .filter(({ value }) => value.toLowerCase().includes(typed.toLowerCase()))
    .sort((a, b) => b.count - a.count)
    .slice(0, valuesOffered)
}
