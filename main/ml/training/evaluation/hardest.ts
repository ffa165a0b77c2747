/** The queries whose answers stand farthest down. */
import type { HardQuery } from '../../../../shared/domain/evaluation.js'
import type { Ranking } from '../metrics/ranks.js'
import type { BothWays } from '../metrics/retrieval.js'
import type { MeasuredSet } from './measuredSet.js'

const shown = 15

/** Of each direction the worst, worst first. */
export function findHardest(set: MeasuredSet, rankings: BothWays<Ranking>): HardQuery[] {
  const picture = (row: number) => set.items[row]!.image
  const words = (row: number) => set.texts[row]!
  const firstImageOf = new Map<number, number>()
  set.textsOfImage.forEach((texts, image) => {
    for (const text of texts) if (!firstImageOf.has(text)) firstImageOf.set(text, image)
  })
  return [
    ...worst(rankings.textToImage).map(({ query, rank, first }) => ({
      direction: 'textToImage' as const,
      text: words(query),
      picture: picture(firstImageOf.get(query)!),
      rank,
      foundFirst: picture(first),
    })),
    ...worst(rankings.imageToText).map(({ query, rank, first }) => ({
      direction: 'imageToText' as const,
      text: words(set.textsOfImage[query]![0]!),
      picture: picture(query),
      rank,
      foundFirst: words(first),
    })),
  ]
}

function worst({ queries, ranks, first }: Ranking) {
  return [...ranks.keys()]
    .filter((i) => ranks[i]![0]! > 1)
    .sort((a, b) => ranks[b]![0]! - ranks[a]![0]! || a - b)
    .slice(0, shown)
    .map((i) => ({ query: queries[i]!, rank: ranks[i]![0]!, first: first[i]! }))
}
