/** The entry of the ranking's worker thread. */
import { z } from 'zod'
import type { Gallery } from '../../library/gallery.js'
import { packNumbers } from '../../platform/packNumbers.js'
import { serveCalls } from '../../platform/workerCalls.js'
import { openEmbeddingReader } from '../../storage/openEmbeddingReader.js'
import { FollowedVectors } from './followedVectors.js'
import { KeptRankings } from './keptRankings.js'
import { LibraryMeasure } from './libraryMeasure.js'
import { type Ranking, rankPhotos } from './rankPhotos.js'
import type { RankAnswer, RankCalls } from './rankThread.js'

const optionsSchema = z.object({
  databasePath: z.string(),
  modelId: z.number().int(),
  dim: z.number().int().positive(),
})

serveCalls<RankCalls>((data) => {
  const { databasePath, modelId, dim } = optionsSchema.parse(data)
  const reader = openEmbeddingReader(databasePath)
  const vectors = new FollowedVectors(reader, modelId, dim)
  const measure = new LibraryMeasure(vectors.matrix)
  const kept = new KeptRankings()
  return {
    calls: {
      follow: async () => {
        await vectors.follow()
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
    close: () => reader.dispose(),
  }
})

function describe(gallery: Gallery, ranking: Ranking, searched: number): RankAnswer {
  const { places, relevances, strong, verdict } = ranking
  const column = (values: Uint32Array) => packNumbers(places.map((place) => values[place]!))
  return {
    ids: column(gallery.ids),
    ratios: column(gallery.ratios),
    days: column(gallery.days),
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
