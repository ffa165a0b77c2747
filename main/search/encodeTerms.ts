/** Gives each thing that a query looks for its embedding. */
import type { QueryProblem } from '../../shared/domain/search.js'
import type { LikeTerm, PictureTerm, Term, WordsTerm } from '../../shared/query/query.js'
import type { QueryPart } from './ranking/composedQuery.js'

/** Where embeddings come from, all by one model. */
export interface TermEncoders {
  /** Of texts, [texts, dim]. */
  readonly texts: (texts: readonly string[]) => Promise<Float32Array[]>
  /** Of a photo of the library; null if it has none. */
  readonly photo: (photoId: number) => Promise<Float32Array | null>
  /** Of a picture that was added; null if it is not known. */
  readonly picture: (picture: string) => Promise<Float32Array | null>
}

export interface EncodedTerms {
  readonly parts: readonly QueryPart[]
  readonly problems: readonly QueryProblem[]
}

export async function encodeTerms(
  terms: readonly Term[],
  encoders: TermEncoders,
): Promise<EncodedTerms> {
  const words = terms.filter((term): term is WordsTerm => term.kind === 'words')
  const vectors = words.length === 0 ? [] : await encoders.texts(words.map(({ text }) => text))
  const parts: QueryPart[] = words.map(({ weight }, i) => ({
    kind: 'text',
    vector: vectors[i]!,
    weight,
  }))
  const problems: QueryProblem[] = []
  for (const term of terms) {
    if (term.kind === 'words') continue
    const vector = await encodePicture(term, encoders)
    if (vector !== null) parts.push({ kind: 'picture', vector, weight: term.weight })
    else problems.push({ start: term.start, end: term.end, message: describeMissing(term) })
  }
  return { parts, problems }
}

function encodePicture(term: LikeTerm | PictureTerm, encoders: TermEncoders) {
  return term.kind === 'like' ? encoders.photo(term.photoId) : encoders.picture(term.picture)
}

function describeMissing(term: LikeTerm | PictureTerm): string {
  return term.kind === 'like'
    ? `Photo ${term.photoId} has not been indexed with this model, so nothing can be compared with it.`
    : 'This picture is no longer kept. Add it again.'
}
