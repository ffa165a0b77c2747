/** Measures a run while it goes on, for a small share of its time. */
import type { RetrievalReport, TrainingEvent } from '../../../shared/domain/training.js'
import type { ContrastiveStep } from './step/contrastiveStep.js'

/** What a method measures while it trains. */
export interface Watch {
  /** The pairs measured on. Those that a method chooses by are `validation`, never `heldOut`. */
  readonly part: Extract<TrainingEvent, { type: 'evaluated' }>['part']
  measure(step: ContrastiveStep): Promise<Measurement>
}

interface Measurement {
  /** Null where nothing could be measured. */
  readonly report: RetrievalReport | null
  /** Whether going on is in vain. */
  readonly enough: boolean
}

/** Measures now and then; true if the run should end. */
export type Watcher = (step: number, progress: number) => Promise<boolean>

/** Measurements of a run, as long as they are quickly done. */
const measurements = 25
const quicklyDoneMs = 5_000
/** Slow measurements take at most one part in so many of the time, and come no more often than this. */
const partsOfTime = 20
const intervalMs = 10_000

export function createWatcher(
  watch: Watch,
  step: ContrastiveStep,
  { signal, onEvent }: { signal: AbortSignal; onEvent: (event: TrainingEvent) => void },
  now: () => number = () => performance.now(),
): Watcher {
  let last: { progress: number; endedMs: number; tookMs: number } | null = null
  let spentMs = 0

  function isDue(progress: number): boolean {
    if (last === null || (progress >= 1 && last.progress < 1)) return true
    if (now() - last.endedMs >= Math.max(intervalMs, partsOfTime * last.tookMs)) return true
    return progress - last.progress >= 1 / measurements && spentMs + last.tookMs < quicklyDoneMs
  }

  return async (at, progress) => {
    if (!isDue(progress)) return false
    const startedMs = now()
    const measured = await watch.measure(step).catch((error: unknown) => {
      // The loop saves before it ends; an interrupted measurement must not end the run before that.
      if (signal.aborted) return null
      throw error
    })
    if (measured === null) return false
    const { report, enough } = measured
    const endedMs = now()
    last = { progress, endedMs, tookMs: endedMs - startedMs }
    spentMs += last.tookMs
    if (report !== null) onEvent({ type: 'evaluated', part: watch.part, step: at, report })
    return enough
  }
}
