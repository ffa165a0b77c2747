/** The parts of a query's text that are shown in colours of their own. */
import type { FieldPiece, Piece, WordPiece } from './lexQuery.js'
import type { QueryToken } from './query.js'

export function tokensOf(pieces: readonly Piece[]): QueryToken[] {
  return pieces.flatMap(tokensOfPiece)
}

function tokensOfPiece(piece: Piece): QueryToken[] {
  switch (piece.kind) {
    case 'sign':
      return [{ kind: 'operator', start: piece.start, end: piece.end }]
    case 'word':
      return tokensOfWord(piece)
    case 'field':
      return tokensOfField(piece)
  }
}

function tokensOfWord({ start, wordStart, end, quoted, weight }: WordPiece): QueryToken[] {
  const tokens: QueryToken[] = []
  if (wordStart > start) tokens.push({ kind: 'operator', start, end: wordStart })
  tokens.push({ kind: quoted ? 'quoted' : 'word', start: wordStart, end: weight?.start ?? end })
  if (weight !== null) tokens.push({ kind: 'weight', start: weight.start, end: weight.end })
  return tokens
}

function tokensOfField({ start, label, values }: FieldPiece): QueryToken[] {
  const tokens: QueryToken[] = []
  if (label.start > start) tokens.push({ kind: 'operator', start, end: label.start })
  tokens.push({ kind: 'filter', start: label.start, end: label.end })
  for (const { start: from, end } of values) {
    if (end > from) tokens.push({ kind: 'value', start: from, end })
  }
  return tokens
}
