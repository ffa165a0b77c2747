/** Measures a run while it goes on, for a small share of its time. */
import type {
  PictureReport,
  RetrievalReport,
  TrainingEvent,
} from '../../../shared/domain/training.js'
import type { ContrastiveStep } from './step/contrastiveStep.js'

/** What a method measures while it trains. */
export interface Watch {
  /** The pairs measured on. Those that a method chooses by are `validation`, never `heldOut`. */
  readonly part: Extract<TrainingEvent, { type: 'evaluated' }>['part']
  /**
   * How often it is measured in a run, whatever that takes: where a model is chosen by it, a busy
   * machine must not choose another one. Null where time decides.
   */
  readonly measurements: number | null
  /** @param at steps done */
  measure(step: ContrastiveStep, at: number): Promise<Measurement>
  /** JSON for a checkpoint, of a watch that ends runs: with it, a resumed run ends where it would have. */
  readonly state?: unknown
  restore?(state: unknown): void
}

interface Measurement {
  /** Null where nothing could be measured. */
  readonly report: RetrievalReport | null
  /** What was measured of pictures without words. */
  readonly pictures?: PictureReport | null
  /** Whether going on is in vain. */
  readonly enough: boolean
}

/** Measures now and then; true if the run should end. */
export type Watcher = (step: number, progress: number) => Promise<boolean>

/** Measurements of a run, as long as they are quickly done. */
export const mostMeasurements = 25
const quicklyDoneMs = 5_000
/** Slow measurements take at most one part in so many of the time, and come no more often than this. */
const partsOfTime = 20
const intervalMs = 10_000
/** Of shares of a run that are sums of its steps. */
const rounding = 1e-9

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
    if (watch.measurements !== null) {
      const done = (at: number) => Math.floor(at * watch.measurements! + rounding)
      return done(progress) > done(last.progress)
    }
    if (now() - last.endedMs >= Math.max(intervalMs, partsOfTime * last.tookMs)) return true
    return progress - last.progress >= 1 / mostMeasurements && spentMs + last.tookMs < quicklyDoneMs
  }

  return async (at, progress) => {
    if (!isDue(progress)) return false
    const startedMs = now()
    const measured = await watch.measure(step, at).catch((error: unknown) => {
      // The loop saves before it ends; an interrupted measurement must not end the run before that.
      if (signal.aborted) return null
      throw error
    })
    if (measured === null) return false
    const { report, pictures = null, enough } = measured
    const endedMs = now()
    last = { progress, endedMs, tookMs: endedMs - startedMs }
    spentMs += last.tookMs
    const where = { part: watch.part, step: at }
    if (report !== null) onEvent({ type: 'evaluated', ...where, report })
    if (pictures !== null) onEvent({ type: 'evaluatedPictures', ...where, report: pictures })
    return enough
  }
}
