/** The words of a query that are looked for in names, captions and tags. */
import type { Term, WordsTerm } from '../../shared/query/query.js'
import type { TextQuery } from '../storage/repositories/fullText.js'

/** Words that say nothing of what a photo shows: "a photo of the sea" is about the sea. */
export const emptyWords: ReadonlySet<string> = new Set(
  `a an the of in on at by to for from with and or is are was my our your this that these those some
  photo photos photograph photographs picture pictures pic pics image images`.split(/\s+/),
)

/** Null where no words are looked for. */
export function wordsLookedFor(terms: readonly Term[]): TextQuery | null {
  const words = terms.filter((term): term is WordsTerm => term.kind === 'words')
  const all = words.filter(({ weight }) => weight > 0).flatMap(phrasesOf)
  if (all.length === 0) return null
  const none = words.filter(({ weight }) => weight < 0).map(({ text }) => text)
  return { all, none, unfinished: isUnfinished(words.at(-1)!, all.at(-1)!) }
}

/** What stands in quotes is meant as it stands, and what others follow has been finished. */
function isUnfinished({ words, weight }: WordsTerm, lookedFor: string): boolean {
  const last = words.at(-1)
  return weight > 0 && last?.quoted === false && last.text === lookedFor
}

function phrasesOf({ words }: WordsTerm): string[] {
  const telling = words.filter(({ text, quoted }) => quoted || !emptyWords.has(text.toLowerCase()))
  return (telling.length > 0 ? telling : words).map(({ text }) => text)
}
