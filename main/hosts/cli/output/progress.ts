/** A progress bar with rate and remaining time on a terminal; silence elsewhere. */
import { type Options, type Params, SingleBar } from 'cli-progress'
import { formatDuration, printable } from './format.js'

export interface Progress {
  /**
   * Shows `done` of `total`, 0 if it is not known; `details` replace the counts, rate and remaining
   * time behind the bar.
   */
  update(phase: string, done: number, total: number, details?: string): void
  /** Leaves the bar as it stands; the next update draws another below. */
  stop(): void
}

const barWidth = 28

/** Since when a phase is shown, and how much was done by then. */
interface Phase {
  readonly name: string
  readonly startedAt: number
  readonly doneBefore: number
}

const silent: Progress = { update() {}, stop() {} }

/** Draws on `stream` if it is a terminal and `enabled`. */
export function createProgress(stream: NodeJS.WriteStream, enabled: boolean): Progress {
  if (!enabled || !stream.isTTY) return silent
  let bar: SingleBar | null = null
  let phase: Phase | null = null
  const stop = () => {
    bar?.stop()
    bar = null
  }
  return {
    update(name, done, total, details) {
      if (name !== phase?.name) {
        stop()
        phase = { name, startedAt: performance.now(), doneBefore: done }
      }
      const payload = {
        phase: printable(name).padEnd(18),
        known: total > 0,
        details: details ?? describeRate(done, total, phase),
      }
      if (bar === null) {
        bar = new SingleBar(barOptions(stream))
        bar.start(Math.max(total, 1e-9), done, payload)
      }
      bar.setTotal(Math.max(total, 1e-9))
      bar.update(done, payload)
    },
    stop,
  }
}

/** "120/400  35/s  8 s left" */
function describeRate(done: number, total: number, { startedAt, doneBefore }: Phase): string {
  const seconds = (performance.now() - startedAt) / 1000
  const counts = total > 0 ? `${done}/${total}` : `${done} found`
  // What was done before, as in a run that goes on, is no fast work.
  const rate = (done - doneBefore) / seconds
  if (seconds < 0.5 || rate <= 0) return counts
  const shown = `${counts}  ${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)}/s`
  // A walk through folders does not know beforehand how much there is.
  return total > 0 ? `${shown}  ${formatDuration((total - done) / rate)} left` : shown
}

function barOptions(stream: NodeJS.WriteStream): Options {
  return {
    stream,
    format: formatLine,
    hideCursor: true,
    fps: 10,
  }
}

interface Payload {
  readonly phase: string
  readonly known: boolean
  readonly details: string
}

/** No share of a whole that is not known. */
function formatLine(_: Options, { progress }: Params, { phase, known, details }: Payload): string {
  if (!known) return `${phase} ${details}`
  const bar = '█'.repeat(Math.round(progress * barWidth)).padEnd(barWidth, '░')
  return `${phase} ${bar} ${Math.floor(progress * 100)} %  ${details}`
}
