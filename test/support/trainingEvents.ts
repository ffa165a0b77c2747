/** What a training that runs with --json tells of itself. */
import { type TrainingEvent, trainingEventSchema } from '../../shared/domain/training.js'
import { jsonLines, type RunningCommand } from './commandLine.js'

/** Waits until the run tells an event that `matches`. */
export function reachEvent(
  run: RunningCommand,
  matches: (event: TrainingEvent) => boolean,
): Promise<string> {
  return run.line((line) => {
    const { data } = trainingEventSchema.safeParse(JSON.parse(line))
    return data !== undefined && matches(data)
  })
}

/** Waits until the run has done `step` steps. */
export function reachStep(run: RunningCommand, step: number): Promise<string> {
  return reachEvent(run, (event) => event.type === 'step' && event.step >= step)
}

export function eventsOf(stdout: string): TrainingEvent[] {
  return jsonLines(stdout).flatMap((line) => {
    const { data } = trainingEventSchema.safeParse(line)
    return data ? [data] : []
  })
}

/** The step at which a run went on; null if it began anew. */
export function resumedAt(stdout: string): number | null {
  return eventsOf(stdout).find((event) => event.type === 'started')?.resumedAtStep ?? null
}
