/** Starts a training run in a child process and speaks for it. */
import { existsSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import type { TrainingEvent } from '../../../shared/domain/training.js'
import { AppError, fromWireError } from '../../../shared/errors.js'
import { resolveEntry } from '../../platform/entries.js'
import { type ForkedProcess, forkProcess } from '../../platform/forkProcess.js'
import { type TrainerCommand, trainerReportSchema } from './messages.js'
import { checkpointPath } from './workFolder.js'

/** A run that is under way. */
export interface RunningTraining {
  /** Id of the trainer's process; 0 until it has one. */
  readonly pid: number
  /** Saves and waits; a `paused` event tells when. */
  pause(): void
  resume(): void
  /** Saves and ends; `result` is then rejected with CANCELLED. */
  cancel(): void
  /**
   * Settles when the model directory is written; the `finished` event tells about it.
   *
   * @throws what went wrong in the trainer, as AppError; TRAINER_CRASHED if it ended without a word
   */
  readonly result: Promise<void>
}

export interface TrainingToStart {
  readonly workFolder: string
  /** How much training time a crash costs at most. */
  readonly saveEveryMs?: number
}

/** How the parent follows a run. */
export interface TrainingListeners {
  readonly onEvent: (event: TrainingEvent) => void
  /** Aborting it is the same as `cancel`. */
  readonly signal: AbortSignal
}

/**
 * Starts or continues the run of a work folder (see `writeWorkFolder`) in a process of its own, at
 * lower priority. Its crash rejects `result` and harms nothing else; if this process ends, the
 * trainer saves a checkpoint and ends too.
 */
export function startTraining(
  { workFolder, saveEveryMs = 30_000 }: TrainingToStart,
  { onEvent, signal }: TrainingListeners,
): RunningTraining {
  const child = forkProcess(resolveEntry(import.meta.url, './trainerProcess.js'))
  if (child.pid !== undefined) lowerPriority(child)
  else child.once('spawn', () => lowerPriority(child))
  const send = (command: TrainerCommand) => {
    // The callback takes the error of a trainer that has just ended; `result` tells of that.
    if (child.connected) child.send(command, () => {})
  }
  const cancel = () => {
    send({ type: 'cancel' })
    setTimeout(() => child.kill('SIGKILL'), cancelGraceMs).unref()
  }
  const result = followTrainer(child, workFolder, onEvent).finally(() => {
    signal.removeEventListener('abort', cancel)
  })
  send({ type: 'start', workFolder, saveEveryMs })
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  return {
    get pid() {
      return child.pid ?? 0
    },
    pause: () => send({ type: 'pause' }),
    resume: () => send({ type: 'resume' }),
    cancel,
    result,
  }
}

/** A step of a large model may take this long; after it a trainer that does not answer is ended. */
const cancelGraceMs = 60_000

/** Search and the desktop go first. Some systems forbid the change; then it trains all the same. */
function lowerPriority(child: ForkedProcess): void {
  if (child.pid === undefined) return
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {}
}

function followTrainer(
  child: ForkedProcess,
  workFolder: string,
  onEvent: (event: TrainingEvent) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let outcome: (() => void) | null = null
    child.on('message', (message) => {
      const { data: report, error } = trainerReportSchema.safeParse(message)
      if (error) {
        outcome ??= () =>
          reject(crash(`a message of another version: ${error.message}`, workFolder))
        return void child.kill('SIGTERM')
      }
      if (report.type === 'event') return onEvent(report.event)
      outcome = report.type === 'finished' ? resolve : () => reject(fromWireError(report.error))
    })
    child.once('error', (error) => {
      outcome ??= () => reject(crash(error.message, workFolder))
    })
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`
      if (outcome === null) reject(crash(how, workFolder))
      else outcome()
    })
  })
}

function crash(reason: string, workFolder: string): AppError {
  const checkpoint = checkpointPath(workFolder)
  return new AppError('TRAINER_CRASHED', {
    reason,
    checkpoint: existsSync(checkpoint) ? checkpoint : null,
  })
}
