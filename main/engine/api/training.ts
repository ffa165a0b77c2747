/** Trains models on folders of pictures, and measures them. */
import { rm, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { retrievalReportSchema, type TrainingEvent } from '../../../shared/domain/training.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { nameCopiesAlike } from '../../library/captions/nameCopiesAlike.js'
import { readTrainingPairs } from '../../library/captions/readTrainingPairs.js'
import { loadArchitecture } from '../../ml/clip/architectures.js'
import { openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { evaluateModel, type ModelEvaluation } from '../../ml/training/evaluateModel.js'
import { startTraining } from '../../ml/training/startTraining.js'
import {
  checkpointPath,
  clearWorkFolder,
  runFilePath,
  workFolderOf,
  writeWorkFolder,
} from '../../ml/training/workFolder.js'
import { splitPairs } from '../../tuning/splitPairs.js'
import { completeTrainingSpec, type TrainingChoices } from '../../tuning/trainingDefaults.js'
import type { RunOptions } from '../runJobToEnd.js'
import type { ModelsApi } from './models.js'

export interface TrainRequest extends TrainingChoices {
  /** Folder with pictures and their words. */
  readonly folder: string
  /** The model directory to write. */
  readonly out: string
  /** Go on with an interrupted run of the same `out`; a new one if there is none. */
  readonly resume: boolean
}

const finishedReportSchema = z.object({
  steps: z.number().int(),
  seconds: z.number(),
  heldOut: retrievalReportSchema.nullable(),
  before: retrievalReportSchema.nullable(),
})

export interface TrainListeners {
  readonly signal: AbortSignal
  readonly onEvent: (event: TrainingEvent) => void
}

export type FinishedTraining = Extract<TrainingEvent, { type: 'finished' }>

export interface TrainingApi {
  /**
   * Trains a model in a process of its own and writes it to `out`. Aborting saves a checkpoint.
   *
   * @throws NO_PICTURES, NO_CAPTIONS, CAPTION_FILE_INVALID, INVALID_ARGUMENT, MODEL_INVALID,
   *   TRAINER_CRASHED, TRAINING_DIVERGED, DISK_FULL, CANCELLED
   */
  train(request: TrainRequest, listeners: TrainListeners): Promise<FinishedTraining>
  /** Recall of a folder's pictures by their words and back. */
  evaluate(request: { folder: string; model: string }, run: RunOptions): Promise<ModelEvaluation>
}

export function createTrainingApi({ models }: { readonly models: ModelsApi }): TrainingApi {
  return {
    async train(request, listeners) {
      const out = resolve(request.out)
      const workFolder = workFolderOf(out)
      if (!(request.resume && (await hasRun(workFolder)))) {
        const finished = request.resume ? await readFinished(out) : null
        if (finished !== null) {
          listeners.onEvent(finished)
          return finished
        }
        await prepareRun(models, request, out, listeners)
      }
      return followRun(workFolder, listeners)
    },

    async evaluate({ folder, model }, { signal, onProgress }) {
      const directory = await models.open(model)
      const { pairs } = await readTrainingPairs(resolve(folder), { signal })
      return evaluateModel(directory, await nameCopiesAlike(pairs, signal), {
        signal,
        onProgress: (done, total) =>
          onProgress({ phase: 'measuring', done, total, ratePerSecond: 0, etaSeconds: null }),
      })
    },
  }
}

/** Reads and splits the pairs and writes the work folder; nothing is trained yet. */
async function prepareRun(
  models: ModelsApi,
  request: TrainRequest,
  out: string,
  { signal, onEvent }: TrainListeners,
): Promise<void> {
  const workFolder = workFolderOf(out)
  await refuseToOverwrite(out, workFolder)
  await clearWorkFolder(workFolder)
  const spec = completeTrainingSpec({
    ...request,
    from: request.from && (await models.open(request.from)).path,
  })
  // The trainer would find out as well, but only after the pictures have been looked through.
  if (spec.arch !== null) await loadArchitecture(spec.arch)
  const { pairs, skipped } = await readTrainingPairs(resolve(request.folder), { signal })
  for (const file of skipped) {
    onEvent({ type: 'notice', message: `${file.path} is left out: ${file.reason}` })
  }
  const split = await splitPairs(await nameCopiesAlike(pairs, signal), {
    holdOut: spec.holdOut,
    validation: spec.validation,
    seed: spec.seed,
    signal,
    onProgress: (done, total) =>
      onEvent({ type: 'preparing', phase: 'reading pictures', done, total }),
  })
  await writeWorkFolder(workFolder, { spec, out, name: basename(out) }, split)
}

async function refuseToOverwrite(out: string, workFolder: string): Promise<void> {
  if (await hasRun(workFolder)) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--out',
      problem: `an interrupted run is there; go on with --resume, or remove ${workFolder}`,
    })
  }
  if (await exists(out)) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--out',
      problem: `${out} is there already; models are never overwritten, so choose another name`,
    })
  }
}

async function followRun(
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
async function readFinished(out: string): Promise<FinishedTraining | null> {
  if (!(await exists(out))) return null
  const { path, id, manifest } = await openModelDirectory(out)
  const report = finishedReportSchema.safeParse(manifest?.trainingReport)
  if (!report.success) return null
  const { steps: step, seconds, heldOut, before } = report.data
  return { type: 'finished', step, seconds, modelPath: path, modelId: id, heldOut, before }
}

/** Also true of a run that this version cannot read: it may hold hours of work. */
async function hasRun(workFolder: string): Promise<boolean> {
  return exists(runFilePath(workFolder))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
