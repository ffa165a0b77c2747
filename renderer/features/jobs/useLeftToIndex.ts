/** How many photos are still to be looked at, while that goes on. */
import { useQuery } from '@tanstack/react-query'
import type { Job } from '../../../shared/domain/jobs.js'
import { orpc } from '../../transport/engine.js'

/** @param counted what the library said last: counting anew takes the time of a search */
export function useLeftToIndex(counted: number): number {
  const { data } = useQuery({ ...orpc.jobs.list.queryOptions(), select: leftOfJobs })
  // Work for another model than the one in use says nothing of this one.
  return Math.min(counted, data ?? counted)
}

function leftOfJobs(jobs: readonly Job[]): number | null {
  const progress = jobs.find(
    ({ kind, state, progress }) =>
      kind === 'index' &&
      (state === 'running' || state === 'paused') &&
      progress?.phase === 'indexing',
  )?.progress
  return progress && progress.total > 0 ? progress.total - progress.done : null
}
