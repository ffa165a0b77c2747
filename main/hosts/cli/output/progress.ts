/** A progress bar with rate and remaining time on a terminal; silence elsewhere. */
import { type Options, SingleBar } from 'cli-progress'
import { formatDuration, printable } from './format.js'

export interface Progress {
  /** Shows `done` of `total`; `details` replace the counts, rate and remaining time behind the bar. */
  update(phase: string, done: number, total: number, details?: string): void
  stop(): void
}

const silent: Progress = { update() {}, stop() {} }

/** Draws on `stream` if it is a terminal and `enabled`. */
export function createProgress(stream: NodeJS.WriteStream, enabled: boolean): Progress {
  if (!enabled || !stream.isTTY) return silent
  let bar: SingleBar | null = null
  let phaseShown = ''
  let startedAt = 0
  const stop = () => {
    bar?.stop()
    bar = null
  }
  return {
    update(phase, done, total, details) {
      if (phase !== phaseShown || bar === null) {
        stop()
        phaseShown = phase
        startedAt = performance.now()
        bar = new SingleBar(barOptions(stream))
        bar.start(total, done, { phase: printable(phase).padEnd(18), details: '' })
      }
      bar.setTotal(Math.max(total, 1e-9))
      bar.update(done, { details: details ?? describeRate(done, total, startedAt) })
    },
    stop,
  }
}

/** "120/400  35/s  8 s left" */
function describeRate(done: number, total: number, startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1000
  // A walk through folders does not know beforehand how much there is.
  const counts = total > 0 ? `${done}/${total}` : `${done} found`
  if (seconds < 0.5 || done === 0 || total === 0) return counts
  const rate = done / seconds
  const shown = rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)
  return `${counts}  ${shown}/s  ${formatDuration((total - done) / rate)} left`
}

function barOptions(stream: NodeJS.WriteStream): Options {
  return {
    stream,
    format: '{phase} {bar} {percentage} %  {details}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    fps: 10,
  }
}
