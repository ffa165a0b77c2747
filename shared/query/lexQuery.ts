/** Cuts the text of a query into signs, words and fields, each with its place; no text is an error. */

/** A `+` or `-` between spaces. */
export interface SignPiece {
  readonly kind: 'sign'
  readonly sign: Sign
  readonly start: number
  readonly end: number
}

/** A word, or several in quotes. */
export interface WordPiece {
  readonly kind: 'word'
  readonly text: string
  readonly quoted: boolean
  /** The sign that touches it. */
  readonly sign: Sign | null
  /** What follows its `^`, with the place of both. */
  readonly weight: Span | null
  readonly start: number
  /** Where the word begins, after its sign. */
  readonly wordStart: number
  readonly end: number
}

/** `name:value,value` */
export interface FieldPiece {
  readonly kind: 'field'
  /** In lower case. */
  readonly name: string
  /** The name's place, with its colon. */
  readonly label: Span
  readonly values: readonly Span[]
  readonly sign: Sign | null
  readonly start: number
  readonly end: number
}

export type Piece = SignPiece | WordPiece | FieldPiece
export type Sign = 1 | -1

/** A part of the text, and what it says without quotes. */
export interface Span {
  readonly text: string
  readonly start: number
  readonly end: number
}

const spaces = /\s+/y
const signs = /[+-]+/y
/** A name and its colon with a value after it; `https://` and `12:30` are words. */
const fieldLabel = /(\p{L}+):(?!\/\/)/uy
const quote = /"((?:[^"]|"")*)(?:"|$)/y
const word = /\S+/y
const value = /[^\s,]*/y
const weightAfterQuote = /\^(\d*\.?\d+)(?!\S)/y
/** Of several weights in a row the last one counts. */
const weightOfWord = /^(.+?)(?:\^\d*\.?\d+)*\^(\d*\.?\d+)$/su

/** @param isField whether a name in lower case, followed by a colon, is a field without any value too */
export function lexQuery(text: string, isField: (name: string) => boolean): Piece[] {
  const pieces: Piece[] = []
  for (let at = skip(text, 0); at < text.length; at = skip(text, pieces.at(-1)!.end)) {
    pieces.push(lexPiece(text, at, isField))
  }
  return pieces
}

function lexPiece(text: string, start: number, isField: (name: string) => boolean): Piece {
  const signed = match(signs, text, start)
  const at = start + (signed?.[0].length ?? 0)
  const sign = signed === null ? null : signed[0].endsWith('-') ? -1 : 1
  if (sign !== null && (at === text.length || /\s/.test(text[at]!))) {
    return { kind: 'sign', sign, start, end: at }
  }
  const labelled = match(fieldLabel, text, at)
  if (labelled !== null) {
    const name = labelled[1]!.toLowerCase()
    const end = at + labelled[0].length
    const bare = end === text.length || /\s/.test(text[end]!)
    if (!bare || isField(name)) {
      const label = { text: name, start: at, end }
      const values = lexValues(text, end)
      return { kind: 'field', name, label, values, sign, start, end: values.at(-1)!.end }
    }
  }
  return lexWord(text, start, at, sign)
}

function lexWord(text: string, start: number, at: number, sign: Sign | null): WordPiece {
  const quoted = lexQuoted(text, at)
  if (quoted !== null) {
    const weighed = match(weightAfterQuote, text, quoted.end)
    const end = quoted.end + (weighed?.[0].length ?? 0)
    const weight = weighed === null ? null : { text: weighed[1]!, start: quoted.end, end }
    return {
      kind: 'word',
      text: quoted.text,
      quoted: true,
      sign,
      weight,
      start,
      wordStart: at,
      end,
    }
  }
  const whole = match(word, text, at)![0]
  const end = at + whole.length
  const weighed = weightOfWord.exec(whole)
  const said = weighed === null ? whole : weighed[1]!
  const weight = weighed === null ? null : { text: weighed[2]!, start: at + said.length, end }
  return { kind: 'word', text: said, quoted: false, sign, weight, start, wordStart: at, end }
}

/** Values between commas; at least one, which may be empty. */
function lexValues(text: string, from: number): Span[] {
  const values: Span[] = []
  for (let at = from; ; at++) {
    const plain = match(value, text, at)![0]
    const found = lexQuoted(text, at) ?? { text: plain, start: at, end: at + plain.length }
    values.push(found)
    at = found.end
    if (text[at] !== ',') return values
  }
}

/** What stands in quotes; quotes that are not closed reach to the end, as while somebody types. */
function lexQuoted(text: string, start: number): Span | null {
  const found = match(quote, text, start)
  if (found === null) return null
  return { text: found[1]!.replaceAll('""', '"'), start, end: start + found[0].length }
}

function skip(text: string, at: number): number {
  return at + (match(spaces, text, at)?.[0].length ?? 0)
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
