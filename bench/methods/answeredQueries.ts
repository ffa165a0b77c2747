/** What a model answered to queries, one figure for each. */

/** Of one direction; figures of two models can be compared where their queries are the same. */
export interface AnsweredQuery {
  readonly recallAt1: Float64Array
  readonly recallAt10: Float64Array
  /** Per query a number that queries of linked pictures share. */
  readonly clusters: Int32Array
}

export interface AnsweredQueries {
  readonly textToImage: AnsweredQuery
  readonly imageToText: AnsweredQuery
}

/** The answers of one split after those of others. */
export function joinAnswers(
  before: AnsweredQueries | undefined,
  added: AnsweredQueries,
): AnsweredQueries {
  if (before === undefined) return added
  const join = (way: keyof AnsweredQueries): AnsweredQuery => ({
    recallAt1: Float64Array.from([...before[way].recallAt1, ...added[way].recallAt1]),
    recallAt10: Float64Array.from([...before[way].recallAt10, ...added[way].recallAt10]),
    clusters: Int32Array.from([...before[way].clusters, ...added[way].clusters]),
  })
  return { textToImage: join('textToImage'), imageToText: join('imageToText') }
}
