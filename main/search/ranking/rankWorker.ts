/** The entry of the ranking's worker thread. */
import { daysOf, type Gallery } from '../../library/gallery.js'
import { packInOrder } from '../../platform/packNumbers.js'
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
  const thousandths = new Uint32Array(relevances.length)
  for (let at = 0; at < thousandths.length; at++) thousandths[at] = 1000 * relevances[at]! + 0.5
  return {
    ids: packInOrder(gallery.ids, places),
    ratios: packInOrder(gallery.ratios, places),
    days: packInOrder(daysOf(gallery), places),
    relevances: packInOrder(thousandths, relevances.length === 0 ? new Uint32Array() : places),
    total: places.length,
    strong,
    verdict,
    searched,
  }
}
