/** Tells what stands at a place of a query's text: what to complete there. */
import { type FilterName, isFilterName } from './filters/table.js'
import { lexQuery } from './lexQuery.js'
import { isTermField } from './parseQuery.js'

/** What is being written at the cursor, and the part of the text that a completion replaces. */
export type CursorPlace =
  | ({ readonly kind: 'value'; readonly filter: FilterName; readonly typed: string } & Part)
  /** A word, or the name of a filter; empty between words. */
  | ({ readonly kind: 'word'; readonly typed: string } & Part)
  | null

interface Part {
  readonly start: number
  readonly end: number
}

/** Null inside quotes and other places where nothing is to be offered. */
export function cursorPlace(text: string, cursor: number): CursorPlace {
  const pieces = lexQuery(text, (name) => isFilterName(name) || isTermField(name))
  const piece = pieces.find(({ start, end }) => start < cursor && cursor <= end)
  if (piece === undefined || piece.kind === 'sign') {
    return { kind: 'word', typed: '', start: cursor, end: cursor }
  }
  if (piece.kind === 'field') {
    const { name, values, label } = piece
    if (cursor < label.end) {
      const typed = text.slice(label.start, cursor)
      return cursor <= label.start
        ? null
        : { kind: 'word', typed, start: label.start, end: label.end }
    }
    const value = values.find(({ start, end }) => start <= cursor && cursor <= end)
    if (value === undefined || !isFilterName(name)) return null
    const typed = text.slice(value.start, cursor).replace(/^"/, '')
    return { kind: 'value', filter: name, typed, start: value.start, end: value.end }
  }
  const start = piece.wordStart
  if (piece.quoted || piece.weight !== null || cursor <= start) return null
  return { kind: 'word', typed: text.slice(start, cursor), start, end: piece.end }
}
