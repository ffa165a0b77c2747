/** Follows a training run in its work folder to its end, from wherever it was left. */
import { rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import {
  pictureReportSchema,
  retrievalReportSchema,
  type TrainingEvent,
  triedBlendSchema,
} from '../../shared/domain/training.js'
import { isAppError } from '../../shared/errors.js'
import { openModelDirectory } from '../ml/clip/modelDirectory.js'
import { startTraining } from '../ml/training/startTraining.js'
import { checkpointPath, runFilePath } from '../ml/training/workFolder.js'

export interface TrainListeners {
  readonly signal: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
}

export type FinishedTraining = Extract<TrainingEvent, { type: 'finished' }>

const finishedReportSchema = z.object({
  steps: z.number().int(),
  seconds: z.number(),
  heldOut: retrievalReportSchema.nullable(),
  before: retrievalReportSchema.nullable(),
  pictures: pictureReportSchema.nullable().default(null),
  blend: z.number().nullable().default(null),
  blends: z.array(triedBlendSchema).default([]),
})

/** Trains in a process of its own. Aborting saves a checkpoint, with which a later call goes on. */
export async function followRun(
  workFolder: string,
  { signal, onEvent }: TrainListeners,
): Promise<FinishedTraining> {
  let finished: FinishedTraining | null = null
  const running = startTraining(
    { workFolder },
    {
      signal,
      onEvent: (event) => {
        if (event.type === 'finished') finished = event
        onEvent(event)
      },
    },
  )
  try {
    await running.result
  } catch (error) {
    // What failed before anything was learned is no run to go on with, unless it is another's.
    const inVain =
      isAppError(error) && !['CANCELLED', 'TRAINER_CRASHED', 'RUN_LOCKED'].includes(error.code)
    if (inVain && !(await exists(checkpointPath(workFolder)))) {
      await rm(workFolder, { recursive: true, force: true })
    }
    throw error
  }
  if (finished === null) throw new Error('the trainer ended without its last event')
  return finished
}

/** What a run told at its end, if it was interrupted only after its model was written. */
export async function readFinished(out: string): Promise<FinishedTraining | null> {
  if (!(await exists(out))) return null
  const { path, id, manifest } = await openModelDirectory(out)
  const report = finishedReportSchema.safeParse(manifest?.trainingReport)
  if (!report.success) return null
  const { steps: step, ...figures } = report.data
  const search = manifest?.search ?? null
  return { type: 'finished', step, ...figures, modelPath: path, modelId: id, search }
}

/** Also true of a run that this version cannot read: it may hold hours of work. */
export async function hasRun(workFolder: string): Promise<boolean> {
  return exists(runFilePath(workFolder))
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
