/** The entry of the ranking's worker thread. */
import { daysOf, type Gallery } from '../../library/gallery.js'
import { packNumbers } from '../../platform/packNumbers.js'
import { serveCalls } from '../../platform/workerCalls.js'
import type { EmbeddingReader } from '../../storage/openEmbeddingReader.js'
import { FollowedVectors } from './followedVectors.js'
import { KeptRankings } from './keptRankings.js'
import { LibraryMeasure } from './libraryMeasure.js'
import { type Ranking, rankPhotos } from './rankPhotos.js'
import type { RankAnswer, RankCalls, RankThreadOptions } from './rankThread.js'

serveCalls<RankCalls>((data) => {
  const { databasePath, ...options } = data as RankThreadOptions
  let reader: EmbeddingReader | null = null
  const vectors = new FollowedVectors(options, async () => {
    // Loading what talks to databases takes this thread longer than reading a file of vectors.
    const { openEmbeddingReader } = await import('../../storage/openEmbeddingReader.js')
    reader ??= openEmbeddingReader(databasePath)
    return reader
  })
  const measure = new LibraryMeasure(vectors.matrix)
  const kept = new KeptRankings()
  return {
    calls: {
      follow: async (version) => {
        await vectors.follow(version)
        measure.prepare()
        return vectors.matrix.size
      },
      usePhrases: (phrases) => {
        measure.usePhrases(phrases)
        measure.prepare()
      },
      rank: ({ key, gallery, query, ...request }) => {
        const similarities = query === null ? null : measure.compare(query, gallery.ids)
        const ranking = rankPhotos(gallery, similarities, request)
        kept.keep(key, { gallery, ranking })
        return describe(gallery, ranking, vectors.matrix.size)
      },
      head: ({ key, limit }) => kept.head(key, limit),
      explain: ({ key, ids }) => kept.explain(key, ids),
    },
    close: async () => {
      await vectors.close()
      await reader?.dispose()
    },
  }
})

function describe(gallery: Gallery, ranking: Ranking, searched: number): RankAnswer {
  const { places, relevances, strong, verdict } = ranking
  const column = (values: Uint32Array) => packNumbers(places.map((place) => values[place]!))
  return {
    ids: column(gallery.ids),
    ratios: column(gallery.ratios),
    days: column(daysOf(gallery)),
    relevances:
      relevances.length === 0
        ? packNumbers(new Uint32Array())
        : packNumbers(places.map((place) => Math.round(1000 * relevances[place]!))),
    total: places.length,
    strong,
    verdict,
    searched,
  }
}
