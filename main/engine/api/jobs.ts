/** The library's jobs. */
import { describeJob } from '../../jobs/describeJob.js'
import type { LibraryOpener } from '../openLibrary.js'
import type { ApiOf } from '../router.js'

export type JobsApi = ApiOf<'jobs'>

const jobsListed = 100

export function createJobsApi({ library }: { readonly library: LibraryOpener }): JobsApi {
  return {
    async list() {
      const { database } = await library.open()
      return (await database.jobs.list(jobsListed)).map(describeJob)
    },
    async pause({ id }) {
      await (await library.open()).runner.pause(id)
    },
    async resume({ id }) {
      await (await library.open()).runner.resume(id)
    },
    async cancel({ id }) {
      await (await library.open()).runner.cancel(id)
    },
    async clear() {
      await (await library.open()).database.jobs.deleteEnded()
    },
  }
}
