/** Whether the words of a query are surely not English, for models that know nothing else. */
import type { ModelLanguages } from '../domain/catalogue.js'

/** Scripts in which English is not written. */
const otherScripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'Japanese'],
  [/\p{Script=Hangul}/u, 'Korean'],
  [/\p{Script=Han}/u, 'Chinese'],
  [/[іїєґ]/iu, 'Ukrainian'],
  [/\p{Script=Cyrillic}/u, 'Russian'],
  [/\p{Script=Greek}/u, 'Greek'],
  [/\p{Script=Arabic}/u, 'Arabic'],
  [/\p{Script=Hebrew}/u, 'Hebrew'],
  [/\p{Script=Devanagari}/u, 'Hindi'],
  [/\p{Script=Thai}/u, 'Thai'],
]

// [Note: which words tell a language]
// A photo query is two or three words, of which detectors by letter statistics make anything ("taco"
// is Spanish to them, "hund" English). What is left is function words, and only those that are no
// English words, names or abbreviations: "die", "des", "in", "la" tell nothing. So a notice is
// sometimes missing and hardly ever wrong.
const functionWords: Readonly<Record<string, string>> = {
  German:
    'und mit ein eine einem einen einer der dem im auf für beim zum zur ist nicht oder ohne über unter vor vom am bei auch wie mein meine kein keine von nach zwischen neben',
  French:
    'une dans avec sur les aux sous chez sans entre qui au du mes notre nos leur cette ces être près devant derrière',
  Spanish:
    'con una los las del por sobre entre sin el mi mis desde hasta muy unos unas y está niños debajo',
  Italian:
    'con il lo gli una sul sulla nel nella dei della delle degli alla alle tra fra senza mio mia sotto dietro è',
  Portuguese: 'com uma uns umas na no nas nos dos das em ao pelo pela sem meu minha não sobre são',
  Dutch: 'het een met op van zonder voor naast onder mijn onze bij naar uit niet aan',
  Swedish: 'och en ett på med av utan i som för till från vid inte min mitt',
  Polish: 'na w z ze i nad pod przez przy dla bez jest nie moja mój oraz',
}
/** English, or too common in names and measures, whatever else they are. */
const ambiguous = new Set(
  'i y z w a an no on am in so do to be it en op over under van von del los las el no na most'.split(
    ' ',
  ),
)

const languagesOf = new Map<string, Set<string>>()
for (const [language, words] of Object.entries(functionWords)) {
  for (const word of words.split(' ')) {
    if (ambiguous.has(word)) continue
    languagesOf.set(word, (languagesOf.get(word) ?? new Set()).add(language))
  }
}

/** Letters that English words and the names people search for hardly have, by themselves no proof. */
const foreignLetters = /[äöüßñãõçąęłśżźćňřšžåøæœ¿¡]/iu

/** Said where the words are surely not English and nothing tells what they are. */
export const unnamedLanguage = 'another language'

/**
 * The name of the language that the words are in, in English; null if they may be English or if
 * nothing tells.
 */
export function foreignLanguageOf(text: string): string | null {
  for (const [script, language] of otherScripts) if (script.test(text)) return language
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
  if (words.length < 2) return null
  const votes = new Map<string, number>()
  for (const word of words) {
    for (const language of languagesOf.get(word) ?? []) {
      votes.set(language, (votes.get(language) ?? 0) + 1)
    }
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a)
  if (best !== undefined) return best[0]
  const foreign = words.filter((word) => foreignLetters.test(word)).length
  return foreign > 1 ? unnamedLanguage : null
}

/** Whether a model understands a language that `foreignLanguageOf` named; null where nobody knows. */
export function understands(known: ModelLanguages | null, language: string): boolean | null {
  if (known === null) return null
  if (typeof known === 'string') return known === 'many'
  if (known.includes(language)) return true
  return language === unnamedLanguage ? null : false
}
