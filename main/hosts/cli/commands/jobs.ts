/** `semblance jobs`: the library's long-running work, now and lately. */
import { Command } from 'commander'
import type { Job } from '../../../../shared/domain/jobs.js'
import type { Cli } from '../cli.js'
import { formatTable } from '../output/format.js'

export function jobsCommand(cli: Cli): Command {
  return new Command('jobs')
    .description(
      'list jobs and how far they are; an interrupted one goes on when its command runs again',
    )
    .action(async () => {
      const { client } = await cli.engine()
      const jobs = await client.jobs.list()
      cli.result({ jobs }, () => describe(jobs))
    })
}

function describe(jobs: readonly Job[]): string {
  if (jobs.length === 0) return 'No jobs yet.'
  const rows = jobs.map((job) => [
    String(job.id),
    job.kind,
    job.state,
    describeProgress(job),
    job.updatedAt,
    job.error?.message ?? '',
  ])
  return formatTable(['id', 'job', 'state', 'progress', 'updated', 'error'], rows)
}

function describeProgress({ progress }: Job): string {
  if (progress === null) return ''
  const { phase, done, total } = progress
  // A scan does not know beforehand how much there is.
  return total > 0 ? `${done}/${total} ${phase}` : `${done} ${phase}`
}
