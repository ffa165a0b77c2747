/** What a photo of the library shows, in words of the kinds that a lesson takes. */
import type { TeachWords } from '../../shared/domain/teaching.js'
import { parseQuery } from '../../shared/query/parseQuery.js'
import { captionsOfPath } from '../library/captions/captionsOfPath.js'
import { normaliseCaption } from '../ml/training/sampling/groups.js'
import type { Repositories } from '../storage/repositories/index.js'
import type { JudgedPhoto } from '../storage/repositories/judgements.js'

export type WordKind = keyof TeachWords
export const wordKinds: readonly WordKind[] = ['captions', 'tags', 'names', 'judgements']

/** Words of each kind; those that the user called no match for the photo are in none. */
export type LessonWords = Readonly<Record<WordKind, readonly string[]>>

/** @param names where each photo stands in its root; photos left out have no names */
export async function readLessonWords(
  database: Pick<Repositories, 'captions' | 'tags' | 'judgements'>,
  photoIds: readonly number[],
  names: ReadonlyMap<number, string>,
): Promise<Map<number, LessonWords>> {
  const captions = groupByPhoto(await database.captions.ofPhotos(photoIds))
  const tags = groupByPhoto(await database.tags.ofPhotos(photoIds))
  const judged = groupByPhoto(await database.judgements.ofPhotos(photoIds))
  const textsOf = (rows: readonly { text: string }[] = []) => rows.map(({ text }) => text)
  return new Map(
    photoIds.map((id) => {
      const name = names.get(id)
      const words = {
        captions: textsOf(captions.get(id)),
        tags: textsOf(tags.get(id)),
        names: name === undefined ? [] : captionsOfPath(name),
        judgements: goodMatches(judged.get(id)),
      }
      return [id, without(words, noMatches(judged.get(id)))]
    }),
  )
}

/** The words that a lesson takes, each meaning once. */
export function takeWords(words: LessonWords, wanted: TeachWords): string[] {
  const taken = new Map<string, string>()
  for (const text of wordKinds.flatMap((kind) => (wanted[kind] ? words[kind] : []))) {
    const meaning = normaliseCaption(text)
    if (meaning !== '' && !taken.has(meaning)) taken.set(meaning, text)
  }
  return [...taken.values()]
}

function goodMatches(judged: readonly JudgedPhoto[] = []): string[] {
  return judged.flatMap(({ query, judgement }) => (judgement === 'match' ? wantedWords(query) : []))
}

/** Meanings that a photo does not have. Of several things looked for at once, it is not known which. */
function noMatches(judged: readonly JudgedPhoto[] = []): Set<string> {
  const single = judged
    .filter(({ judgement }) => judgement === 'no match')
    .map(({ query }) => wantedWords(query))
    .filter((words) => words.length === 1)
  return new Set(single.flat().map(normaliseCaption))
}

/** What a query looks for in words; not its filters, nor what results are to be unlike. */
function wantedWords(query: string): string[] {
  return parseQuery(query).terms.flatMap((term) =>
    term.kind === 'words' && term.weight > 0 ? [term.text] : [],
  )
}

function without(words: LessonWords, wrong: ReadonlySet<string>): LessonWords {
  if (wrong.size === 0) return words
  const keep = (texts: readonly string[]) =>
    texts.filter((text) => !wrong.has(normaliseCaption(text)))
  return {
    captions: keep(words.captions),
    tags: keep(words.tags),
    names: keep(words.names),
    judgements: keep(words.judgements),
  }
}

function groupByPhoto<T extends { photoId: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.photoId)
    if (group) group.push(row)
    else groups.set(row.photoId, [row])
  }
  return groups
}
