/** The library's jobs. */
import type { Job } from '../../../shared/domain/jobs.js'
import { describeJob } from '../../jobs/describeJob.js'
import type { LibraryOpener } from '../openLibrary.js'

export interface JobsApi {
  /** The latest jobs, newest first. */
  list(): Promise<Job[]>
}

const jobsListed = 100

export function createJobsApi({ library }: { readonly library: LibraryOpener }): JobsApi {
  return {
    async list() {
      const { database } = await library.open()
      return (await database.jobs.list(jobsListed)).map(describeJob)
    },
  }
}
