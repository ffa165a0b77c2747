/**
 * Reads the query language.
 *
 *     beach + sunset - people      three things, the last one unwanted; + and - stand between spaces
 *     beach -people +sunset        the same: a sign that touches a word takes that word alone
 *     black-and-white t-shirt      one thing: a hyphen inside a word is part of it
 *     old "red car"                words that belong together
 *     beach^2 + sunset^0.5         ^ and a number weigh a thing, and end it
 *     like:12  picture:3fa9...     a photo of the library, a picture from elsewhere
 *     tag:dog,cat -tag:"old car"   one of several; none of them
 */
import { filterKinds, filterNames, isFilterName } from './filters/table.js'
import { type FieldPiece, lexQuery, type Piece, type Sign, type WordPiece } from './lexQuery.js'
import type { Filter, ParsedQuery, ParseProblem, QueryWord, Term } from './query.js'
import { tokensOf } from './tokensOf.js'

/** Fields that are things to look for rather than filters. */
export const termFields = ['like', 'picture'] as const

export interface ParseOptions {
  /** The local date, "2024-05-03"; the machine's if not given. */
  readonly today?: string
}

export function parseQuery(text: string, options: ParseOptions = {}): ParsedQuery {
  const pieces = lexQuery(text, (name) => isFilterName(name) || isTermField(name))
  const reader = new QueryReader(options.today ?? localDate())
  for (const piece of pieces) reader.read(piece)
  const { terms, filters, problems } = reader.finish()
  return { terms, filters, problems, tokens: tokensOf(pieces) }
}

export function isTermField(name: string): name is (typeof termFields)[number] {
  return termFields.some((field) => field === name)
}

const largestWeight = 100
const smallestWeight = 0.01

/** A phrase that goes on until a sign, a weight or another thing ends it. */
interface OpenTerm {
  readonly sign: Sign
  readonly words: QueryWord[]
  readonly start: number
  end: number
}

class QueryReader {
  private readonly today: string
  private readonly terms: Term[] = []
  private readonly filters: Filter[] = []
  private readonly problems: ParseProblem[] = []
  private open: OpenTerm | null = null
  /** The sign between spaces that waits for what follows. */
  private sign: Sign | null = null

  constructor(today: string) {
    this.today = today
  }

  read(piece: Piece): void {
    switch (piece.kind) {
      case 'sign':
        this.close()
        this.sign = piece.sign
        return
      case 'word':
        this.readWord(piece)
        return
      case 'field':
        if (isTermField(piece.name)) this.readTermField(piece)
        else this.readFilter(piece)
        // A sign means one thing only.
        this.sign = null
    }
  }

  finish() {
    this.close()
    const { terms, filters, problems } = this
    return { terms, filters, problems }
  }

  private readWord(piece: WordPiece): void {
    const alone = piece.sign !== null
    if (alone) this.close()
    const { start, end } = piece
    const sign = piece.sign ?? this.sign ?? 1
    this.open ??= { sign, words: [], start, end }
    this.sign = null
    if (piece.text.trim() !== '') this.open.words.push({ text: piece.text, quoted: piece.quoted })
    this.open.end = end
    if (alone || piece.weight !== null) this.close(piece.weight)
  }

  private close(weight: WordPiece['weight'] = null): void {
    const { open } = this
    this.open = null
    if (open === null || open.words.length === 0) return
    const { words, start, end } = open
    const text = words.map((word) => word.text).join(' ')
    this.terms.push({
      kind: 'words',
      text,
      words,
      weight: open.sign * this.readWeight(weight),
      start,
      end,
    })
  }

  private readWeight(weight: WordPiece['weight']): number {
    if (weight === null) return 1
    const value = Number(weight.text)
    if (value >= smallestWeight && value <= largestWeight) return value
    this.complain(weight, `A weight is a number from ${smallestWeight} to ${largestWeight}.`)
    return 1
  }

  private readTermField(piece: FieldPiece): void {
    this.close()
    const [first] = piece.values
    const [, said = '', weight] = /^(.*?)(?:\^(\d*\.?\d+))?$/s.exec(first!.text) ?? []
    const { start, end } = piece
    const weightSpan = weight === undefined ? null : { ...first!, text: weight }
    const signed = (piece.sign ?? this.sign ?? 1) * this.readWeight(weightSpan)
    if (piece.values.length > 1 || !/^[\da-z]{1,64}$/.test(said)) {
      this.complain(piece, `${piece.name}: takes the id of one picture.`)
    } else if (piece.name === 'picture') {
      this.terms.push({ kind: 'picture', picture: said, weight: signed, start, end })
    } else if (/^[1-9]\d{0,14}$/.test(said)) {
      this.terms.push({ kind: 'like', photoId: Number(said), weight: signed, start, end })
    } else this.complain(piece, 'like: takes the number of a photo.')
  }

  private readFilter(piece: FieldPiece): void {
    const { name, start, end } = piece
    if (!isFilterName(name)) {
      this.complain(
        piece,
        `There is no filter "${name}:". There are ${filterNames.map((known) => `${known}:`).join(' ')} Words with a colon can stand in quotes.`,
      )
      return
    }
    const said = piece.values.filter((value) => value.text.trim() !== '')
    if (said.length === 0) {
      this.complain(piece, `${name}: needs a value, such as ${name}:${filterKinds[name].example}`)
    }
    const values = said.flatMap((value) => {
      const parsed = filterKinds[name].parse(value.text.trim(), { today: this.today })
      if (!('problem' in parsed)) return [parsed]
      this.complain(value, parsed.problem)
      return []
    })
    if (values.length === 0) return
    const negated = (piece.sign ?? this.sign) === -1
    // The table gives each name its own values.
    this.filters.push({ name, values, negated, start, end } as Filter)
  }

  private complain({ start, end }: { start: number; end: number }, message: string): void {
    this.problems.push({ start, end, message })
  }
}

function localDate(): string {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 10)
}
