/** What a model is chosen by, in few words. */
import type { ModelLanguages, ModelLicence } from '../../../../shared/domain/catalogue.js'
import type { ModelMeasure } from '../../../../shared/domain/library.js'
import { formatPercent } from './format.js'

const uses = { any: '', research: ', research only' } as const
/** A table with longer names would be wider than terminals are. */
const longestCell = 40

export function describeLicence({ name, use }: ModelLicence): string {
  return `${shorten(name)}${use === null ? '' : uses[use]}`
}

/** "English", "about 100", or "English and 7 more". */
export function describeLanguages(languages: ModelLanguages): string {
  if (languages === 'many') return 'about 100'
  if (languages === 'english') return 'English'
  const [first = '', ...others] = languages
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

/** How many of a person's photos were found by their words, among the first one or ten. */
export function describeRecall(
  { report, learned }: ModelMeasure,
  kind: 'recallAt1' | 'recallAt10',
): string {
  if (report === null) return learned === 0 ? 'no words' : 'too few left'
  return formatPercent(report.textToImage[kind])
}

function shorten(text: string): string {
  return text.length <= longestCell ? text : `${text.slice(0, longestCell - 1).trimEnd()}…`
}
