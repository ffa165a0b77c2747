/** When a run is over, and how far it has come. */
import { AppError } from '../../../shared/errors.js'

/** The limits of a run; the one that is reached first ends it. */
export interface StopRule {
  readonly totalSteps: number | null
  readonly limitMs: number | null
}

/** The limits in steps and milliseconds. At least one of `epochs` and `minutes` must be given. */
export function makeStopRule(
  limits: { readonly epochs: number | null; readonly minutes: number | null },
  batchesPerEpoch: number,
): StopRule {
  if (limits.epochs === null && limits.minutes === null) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: 'epochs, minutes',
      problem: 'one of the two must be given',
    })
  }
  return {
    totalSteps:
      limits.epochs === null ? null : Math.max(1, Math.round(limits.epochs * batchesPerEpoch)),
    limitMs: limits.minutes === null ? null : limits.minutes * 60_000,
  }
}

/** How far a run is, from 0 to 1; at 1 it is over. Time that was spent paused does not count. */
export function progressOf(rule: StopRule, step: number, elapsedMs: number): number {
  const bySteps = rule.totalSteps === null ? 0 : step / rule.totalSteps
  const byTime = rule.limitMs === null ? 0 : elapsedMs / rule.limitMs
  return Math.min(1, Math.max(bySteps, byTime))
}
