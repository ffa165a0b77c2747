/** Trains models on folders of pictures, and measures them. */
import { basename, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.js'
import { nameCopiesAlike } from '../../library/captions/nameCopiesAlike.js'
import { readTrainingPairs } from '../../library/captions/readTrainingPairs.js'
import { loadArchitecture } from '../../ml/clip/architectures.js'
import { evaluateModel, type ModelEvaluation } from '../../ml/training/evaluateModel.js'
import {
  clearWorkFolder,
  readRunFile,
  workFolderOf,
  writeWorkFolder,
} from '../../ml/training/workFolder.js'
import { refuseOtherChoices } from '../../tuning/refuseOtherChoices.js'
import { splitPairs } from '../../tuning/splitPairs.js'
import {
  exists,
  type FinishedTraining,
  followRun,
  hasRun,
  readFinished,
  type TrainListeners,
} from '../../tuning/trainerRun.js'
import { completeTrainingSpec, type TrainingChoices } from '../../tuning/trainingDefaults.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { RunOptions } from '../runJobToEnd.js'

export type { FinishedTraining } from '../../tuning/trainerRun.js'

export interface TrainRequest extends TrainingChoices {
  /** Folder with pictures and their words. */
  readonly folder: string
  /** The model directory to write. */
  readonly out: string
  /** Go on with an interrupted run of the same `out`; a new one if there is none. */
  readonly resume: boolean
}

export interface TrainingApi {
  /**
   * Trains a model in a process of its own and writes it to `out`. Aborting saves a checkpoint.
   *
   * An interrupted run goes on as it was begun: other settings are INVALID_ARGUMENT.
   *
   * @throws NO_PICTURES, NO_CAPTIONS, CAPTION_FILE_INVALID, INVALID_ARGUMENT, MODEL_INVALID,
   *   TRAINER_CRASHED, TRAINING_DIVERGED, DISK_FULL, CANCELLED
   */
  train(request: TrainRequest, listeners: TrainListeners): Promise<FinishedTraining>
  /** Recall of a folder's pictures by their words and back. */
  evaluate(request: { folder: string; model: string }, run: RunOptions): Promise<ModelEvaluation>
}

export function createTrainingApi({ models }: { readonly models: ModelRegistry }): TrainingApi {
  return {
    async train(request, listeners) {
      const out = resolve(request.out)
      const workFolder = workFolderOf(out)
      if (request.resume && (await hasRun(workFolder))) {
        const { spec } = await readRunFile(workFolder)
        refuseOtherChoices(await resolveChoices(models, request), spec, workFolder)
      } else {
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
  models: ModelRegistry,
  request: TrainRequest,
  out: string,
  { signal, onEvent }: TrainListeners,
): Promise<void> {
  const workFolder = workFolderOf(out)
  await refuseToOverwrite(out, workFolder)
  await clearWorkFolder(workFolder)
  const spec = completeTrainingSpec(await resolveChoices(models, request))
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

async function resolveChoices(
  models: ModelRegistry,
  choices: TrainingChoices,
): Promise<TrainingChoices> {
  return { ...choices, from: choices.from && (await models.open(choices.from)).path }
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
