/** Shows the progress of one long piece of work, as a bar or as JSON lines. */
import { downloadPhase } from '../../../../shared/domain/downloadPhase.js'
import type { JobProgress } from '../../../../shared/domain/jobs.js'
import type { Cli } from '../cli.js'
import { formatBytes, formatDuration } from './format.js'

/** What every long engine call takes. */
export interface RunOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: JobProgress) => void
}

/** Runs `work`, drawing its progress until it settles. */
export async function followJob<T>(cli: Cli, work: (run: RunOptions) => Promise<T>): Promise<T> {
  const bar = cli.progress()
  try {
    return await work({
      signal: cli.signal,
      onProgress: (progress) => {
        bar.update(progress.phase, progress.done, progress.total, detailsOf(progress))
        cli.event({ type: 'progress', ...progress })
      },
    })
  } finally {
    bar.stop()
  }
}

/** What is counted in bytes is shown in larger units; the bar's own words for the rest. */
function detailsOf({ phase, done, total, ratePerSecond, etaSeconds }: JobProgress) {
  if (phase !== downloadPhase) return undefined
  const counts = total > 0 ? `${formatBytes(done)} of ${formatBytes(total)}` : formatBytes(done)
  const left = etaSeconds === null ? '' : `  ${formatDuration(etaSeconds)} left`
  return ratePerSecond > 0 ? `${counts}  ${formatBytes(ratePerSecond)}/s${left}` : counts
}
