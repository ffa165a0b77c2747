/** Tiny runs that are made for one test file and followed to their end, or up to some event. */
import { rm } from 'node:fs/promises'
import { afterAll, expect } from 'vitest'
import { createPauseGate } from '../../../../main/ml/training/pauseGate.js'
import { runTraining } from '../../../../main/ml/training/runTraining.js'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import { isAppError } from '../../../../shared/errors.js'
import { createTinyRun, type TinyRun } from './tinyCollection.js'

/** `createTinyRun`, whose folders go after the calling file's tests. */
export function tinyRunsForFile(): typeof createTinyRun {
  const made: TinyRun[] = []
  afterAll(async () => {
    for (const { folder } of made.splice(0)) await rm(folder, { recursive: true, force: true })
  })
  return async (...args) => {
    const run = await createTinyRun(...args)
    made.push(run)
    return run
  }
}

/** Runs what the work folder asks for; cancels it at an event of the type `stopAt`, the first or a later one. */
export async function followTinyRun(
  workFolder: string,
  stopAt?: TrainingEvent['type'],
  occurrence = 1,
) {
  const events: TrainingEvent[] = []
  const stopping = new AbortController()
  let seen = 0
  const running = runTraining(workFolder, {
    signal: stopping.signal,
    gate: createPauseGate(),
    saveEveryMs: 1000,
    onEvent(event) {
      events.push(event)
      if (event.type === stopAt && ++seen === occurrence) stopping.abort()
    },
  })
  if (stopAt === undefined) await running
  else await expect(running).rejects.toSatisfy((error) => isAppError(error, 'CANCELLED'))
  return events
}
