/** The last few rankings, to tell more of their photos without ranking again. */
import type { Gallery } from '../../library/gallery.js'
import { noPlace, placeOf, type Ranking } from './rankPhotos.js'
import type { RankedPhoto } from './rankThread.js'

interface KeptRanking {
  readonly gallery: Gallery
  readonly ranking: Ranking
}

/** Each takes a dozen bytes for each photo of the library. */
const keptRankings = 6

export class KeptRankings {
  /** The oldest first. */
  private readonly rankings = new Map<string, KeptRanking>()

  keep(key: string, ranking: KeptRanking): void {
    this.rankings.delete(key)
    this.rankings.set(key, ranking)
    const [oldest] = this.rankings.keys()
    if (this.rankings.size > keptRankings && oldest !== undefined) this.rankings.delete(oldest)
  }

  head(key: string, limit: number): RankedPhoto[] | null {
    const kept = this.rankings.get(key)
    if (kept === undefined) return null
    return Array.from(kept.ranking.places.subarray(0, limit), (place) => describe(kept, place))
  }

  explain(key: string, ids: readonly number[]): RankedPhoto[] | null {
    const kept = this.rankings.get(key)
    if (kept === undefined) return null
    return ids
      .map((id) => placeOf(kept.gallery.ids, id))
      .filter((place) => place !== noPlace)
      .map((place) => describe(kept, place))
  }
}

function describe({ gallery, ranking }: KeptRanking, place: number): RankedPhoto {
  const similarity = ranking.similarities[place]
  return {
    photoId: gallery.ids[place]!,
    similarity: similarity === undefined || Number.isNaN(similarity) ? null : similarity,
    relevance: ranking.relevances[place] ?? null,
  }
}
