/** Writes a query down so that reading it gives the same query again. */
import type { Filter, ParsedQuery, QueryWord, Term } from './query.js'

export function formatQuery({ terms, filters }: Pick<ParsedQuery, 'terms' | 'filters'>): string {
  const things = terms.map((term, index) => {
    const sign = term.weight < 0 ? '- ' : index > 0 ? '+ ' : ''
    return `${sign}${formatTerm(term)}`
  })
  return [...things, ...filters.map(formatFilter)].join(' ')
}

/** A value as it can stand in a filter. */
export function formatValue(text: string): string {
  return /[\s,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function formatTerm(term: Term): string {
  const size = Math.abs(term.weight)
  const weight = size === 1 ? '' : `^${size}`
  switch (term.kind) {
    case 'words':
      return `${term.words.map(formatWord).join(' ')}${weight}`
    case 'like':
      return `like:${term.photoId}${weight}`
    case 'picture':
      return `picture:${term.picture}${weight}`
  }
}

function formatWord({ text, quoted }: QueryWord): string {
  return quoted ? `"${text.replaceAll('"', '""')}"` : text
}

function formatFilter({ name, values, negated }: Filter): string {
  return `${negated ? '-' : ''}${name}:${values.map(({ text }) => formatValue(text)).join(',')}`
}
