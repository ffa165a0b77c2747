/** Adds rate and remaining time to what a job reports. */
import type { JobProgress } from '../../shared/domain/jobs.js'
import type { ReportedProgress } from './jobKind.js'

/** How far back the rate looks. */
const windowMs = 10_000

/**
 * A function from reports to progress. The rate is that of the last ten seconds of the same phase,
 * so that what a resumed job finds done already does not count as fast work.
 */
export function createProgressMeter(): (report: ReportedProgress, nowMs: number) => JobProgress {
  let phase: string | null = null
  let samples: { atMs: number; done: number }[] = []
  return (report, nowMs) => {
    if (report.phase !== phase) samples = []
    phase = report.phase
    const latest = samples.at(-1)
    if (!latest || nowMs - latest.atMs >= 100) samples.push({ atMs: nowMs, done: report.done })
    samples = samples.filter((sample) => nowMs - sample.atMs <= windowMs)
    const first = samples[0] ?? { atMs: nowMs, done: report.done }
    const seconds = (nowMs - first.atMs) / 1_000
    const ratePerSecond = seconds > 0 ? Math.max(0, report.done - first.done) / seconds : 0
    const left = Math.max(0, report.total - report.done)
    const known = report.total > 0 && ratePerSecond > 0
    return { ...report, ratePerSecond, etaSeconds: known ? left / ratePerSecond : null }
  }
}
