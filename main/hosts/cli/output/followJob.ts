/** Shows the progress of one long piece of work, as a bar or as JSON lines. */
import type { JobProgress } from '../../../../shared/domain/jobs.js'
import type { Cli } from '../cli.js'

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
        bar.update(progress.phase, progress.done, progress.total)
        cli.event({ type: 'progress', ...progress })
      },
    })
  } finally {
    bar.stop()
  }
}
