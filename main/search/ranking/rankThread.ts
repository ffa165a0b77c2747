/** Ranks a library's photos by one model in a thread that holds all of the model's vectors. */
import type { RankedPhotos } from '../../../shared/domain/search.js'
import type { Gallery } from '../../library/gallery.js'
import { resolveEntry } from '../../platform/entries.js'
import { startWorker } from '../../platform/workerCalls.js'
import type { ComposedQuery } from './composedQuery.js'
import type { FollowedVectorsOptions } from './followedVectors.js'
import type { RankRequest } from './rankPhotos.js'

/** Whose vectors a thread holds; it reads them itself. */
export interface RankThreadOptions extends FollowedVectorsOptions {
  /** The database's file. */
  readonly databasePath: string
}

export interface RankCall extends RankRequest {
  /** Names the ranking for `explain` and `head`; the last few are kept. */
  readonly key: string
  readonly gallery: Gallery
  readonly query: ComposedQuery | null
}

/** The columns of the result, as they go to a client. */
export type RankAnswer = Pick<
  RankedPhotos,
  'ids' | 'ratios' | 'days' | 'relevances' | 'total' | 'strong' | 'verdict' | 'searched'
>

/** What a ranking says of a photo. */
export interface RankedPhoto {
  readonly photoId: number
  readonly similarity: number | null
  readonly relevance: number | null
}

/** The functions that rankWorker.ts serves. */
export type RankCalls = {
  follow(version: string): Promise<number>
  usePhrases(phrases: Float32Array): void
  rank(call: RankCall): RankAnswer
  head(argument: { key: string; limit: number }): RankedPhoto[] | null
  explain(argument: { key: string; ids: readonly number[] }): RankedPhoto[] | null
}

export interface RankThread {
  /** Takes in what is new in this version of the embeddings; returns how many vectors there are. */
  follow(version: string): Promise<number>
  /** Generic phrases as a measure, [phrases, dim]. */
  usePhrases(phrases: Float32Array): Promise<void>
  rank(call: RankCall): Promise<RankAnswer>
  /** The first photos of a ranking; null if it is no longer kept. */
  head(key: string, limit: number): Promise<RankedPhoto[] | null>
  /** Some photos of a ranking; null if it is no longer kept. */
  explain(key: string, ids: readonly number[]): Promise<RankedPhoto[] | null>
  dispose(): Promise<void>
}

export function startRankThread(options: RankThreadOptions): RankThread {
  const entry = resolveEntry(import.meta.url, './rankWorker.js')
  const worker = startWorker<RankCalls>('ranking', entry, options)
  return {
    follow: (version) => worker.call('follow', version),
    usePhrases: (phrases) => worker.call('usePhrases', phrases),
    rank: (call) => worker.call('rank', call),
    head: (key, limit) => worker.call('head', { key, limit }),
    explain: (key, ids) => worker.call('explain', { key, ids }),
    dispose: () => worker.dispose(),
  }
}
