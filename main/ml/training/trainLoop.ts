/** The training loop: takes batches, runs steps, reports, saves, and stops where it should. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TrainingEvent } from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import { type BatchSource, prefetch } from './batchSource.js'
import type { PauseGate } from './pauseGate.js'
import { planSaves } from './savingPlan.js'
import type { Schedule } from './schedules/schedule.js'
import { progressOf, type StopRule } from './stopRule.js'
import { type Stopwatch, startStopwatch } from './stopwatch.js'

/** What one step tells. */
interface StepResult {
  readonly loss: number
  readonly logitScale: number | null
  /** Before clipping. */
  readonly gradientNorm: number
}

/** Anything that learns from one batch at a time. */
export interface TrainingStep<Batch> {
  run(batch: Batch, learningRate: number): Promise<StepResult>
}

/** How far a run has come: all that decides its next step besides the weights. */
export interface LoopPosition {
  /** Steps done. */
  readonly step: number
  readonly elapsedMs: number
}

/** What the loop needs to know. */
export interface TrainingRun<Batch> {
  readonly source: BatchSource<Batch>
  readonly step: TrainingStep<Batch>
  readonly learningRate: number
  readonly schedule: Schedule
  readonly warmup: number
  /** The rate rises over at least so many steps; 0 if not given. */
  readonly warmupSteps?: number
  readonly stop: StopRule
  /** Where to go on; `{ step: 0, elapsedMs: 0 }` for a new run. */
  readonly from: LoopPosition
}

/** How the loop and the world around it meet. */
export interface TrainingHooks {
  readonly signal: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
  readonly gate?: PauseGate
  /** Saves the weights with the position; called now and then, on pause, cancel and at the end. */
  readonly save?: (position: LoopPosition) => Promise<void>
  /** The most that a kill may cost; less where saving is quick. */
  readonly saveEveryMs?: number
  /** Called before each step's batch is taken, with the number of steps done. */
  readonly beforeStep?: (step: number) => Promise<void>
  /** Called after each step with the number of steps and the share done; `true` stops the run early. */
  readonly afterStep?: (step: number, progress: number) => Promise<boolean>
}

/**
 * Trains until the stop rule says so.
 *
 * @returns where it stopped
 * @throws TRAINING_DIVERGED when loss or gradient stop being numbers, before anything is saved;
 *   CANCELLED when `signal` aborts, after saving
 */
export async function runContrastiveTraining<Batch>(
  run: TrainingRun<Batch>,
  hooks: TrainingHooks,
): Promise<LoopPosition> {
  const clock = startStopwatch(run.from.elapsedMs)
  const batches = prefetch(run.source, run.from.step)
  const pace = createPace(run.source.batchSize)
  let step = run.from.step
  const saving = planSaves(hooks.saveEveryMs ?? Number.POSITIVE_INFINITY, clock.elapsedMs())
  const position = () => ({ step, elapsedMs: clock.elapsedMs() })
  let progress = progressOf(run.stop, step, clock.elapsedMs())
  try {
    while (progress < 1) {
      await passGate(hooks, clock, position)
      await hooks.beforeStep?.(step)
      // It may have taken long enough to be cancelled meanwhile.
      if (hooks.signal.aborted) await passGate(hooks, clock, position)
      const { value: batch } = await batches.next()
      const learningRate = run.learningRate * rateFactor(run, step, progress)
      const result = await run.step.run(batch, learningRate)
      step++
      if (!Number.isFinite(result.loss + result.gradientNorm)) {
        throw new AppError('TRAINING_DIVERGED', { step })
      }
      const elapsedMs = clock.elapsedMs()
      progress = progressOf(run.stop, step, elapsedMs)
      hooks.onEvent({
        type: 'step',
        step,
        epoch: step / run.source.batchesPerEpoch,
        ...result,
        learningRate,
        pairsPerSecond: pace(elapsedMs),
        progress,
        etaSeconds: remainingSeconds(progress, elapsedMs),
      })
      if (await hooks.afterStep?.(step, progress)) break
      if (saving.isDue(clock.elapsedMs())) {
        const beganMs = clock.elapsedMs()
        await hooks.save?.(position())
        saving.note(beganMs, clock.elapsedMs())
      }
    }
    await hooks.save?.(position())
    return position()
  } finally {
    await batches.return(undefined as never)
  }
}

/**
 * [Note: warm-up in steps]
 * A share of a short run can be two or three steps. Encoders that start from nothing then take full
 * steps while they still embed everything alike, and stay that way: the loss settles at ln(batch).
 */
function rateFactor<Batch>(run: TrainingRun<Batch>, step: number, progress: number): number {
  const risen = Math.min(1, (step + 1) / Math.max(1, run.warmupSteps ?? 0))
  return risen * run.schedule(progress, run.warmup)
}

/** Waits while paused and ends the loop when cancelled, saving first in both cases. */
async function passGate(
  hooks: TrainingHooks,
  clock: Stopwatch,
  position: () => LoopPosition,
): Promise<void> {
  // Steps block the thread: without this turn no message from outside would ever be read.
  await nextTurn()
  if (hooks.gate?.paused && !hooks.signal.aborted) {
    clock.hold()
    const { step } = position()
    await hooks.save?.(position())
    hooks.onEvent({ type: 'paused', step })
    await hooks.gate.waitUntilOpen(hooks.signal)
    if (!hooks.signal.aborted) hooks.onEvent({ type: 'resumed', step })
    clock.go()
  }
  if (hooks.signal.aborted) {
    await hooks.save?.(position())
    throw new AppError('CANCELLED', { what: 'The training' })
  }
}

/** Pairs per second, smoothed over about ten steps. */
function createPace(batchSize: number): (elapsedMs: number) => number {
  let lastMs: number | null = null
  let stepMs: number | null = null
  return (elapsedMs) => {
    const tookMs = elapsedMs - (lastMs ?? 0)
    if (lastMs !== null) stepMs = stepMs === null ? tookMs : 0.9 * stepMs + 0.1 * tookMs
    lastMs = elapsedMs
    return stepMs === null || stepMs <= 0 ? 0 : (1000 * batchSize) / stepMs
  }
}

function remainingSeconds(progress: number, elapsedMs: number): number {
  return progress <= 0 ? 0 : ((elapsedMs / 1000) * (1 - progress)) / progress
}
