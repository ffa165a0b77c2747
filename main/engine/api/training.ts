/** Trains models on folders of pictures, and measures them. */
import { basename, resolve } from 'node:path'
import type { Evaluation } from '../../../shared/domain/evaluation.js'
import { AppError } from '../../../shared/errors.js'
import { nameCopiesAlike } from '../../library/captions/nameCopiesAlike.js'
import { readTrainingPairs } from '../../library/captions/readTrainingPairs.js'
import { loadArchitecture } from '../../ml/clip/architectures.js'
import { readLearned } from '../../ml/clip/modelDirectory/learnedPictures.js'
import { openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { mergePairs } from '../../ml/training/sampling/mergePairs.js'
import {
  clearWorkFolder,
  readRunFile,
  workFolderOf,
  writeWorkFolder,
} from '../../ml/training/workFolder.js'
import { evaluateFolder } from '../../tuning/evaluateFolder.js'
import { fitToCollection } from '../../tuning/fitToCollection.js'
import { fitToParent } from '../../tuning/fitToParent.js'
import { embedByEncoder } from '../../tuning/linking/embedByEncoder.js'
import type { EmbedPictures } from '../../tuning/linking/pictureEvidence.js'
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

export interface EvaluateRequest {
  /** Folder with pictures and their words. */
  readonly folder: string
  /** Directories or ids. */
  readonly model: string
  readonly against?: string | undefined
  readonly labels?: TrainingChoices['labels']
  /** Measures pictures too that a model has learned from. */
  readonly includeLearned?: boolean
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
  /**
   * How a model finds a folder's pictures by their words and back, alone or against another one;
   * pictures that one of them has learned from are left out, and those linked to such.
   *
   * @throws INVALID_ARGUMENT where too few are left; NO_PICTURES, NO_CAPTIONS, CAPTION_FILE_INVALID, MODEL_NOT_FOUND, MODEL_INVALID
   */
  evaluate(request: EvaluateRequest, run: RunOptions): Promise<Evaluation>
}

export interface TrainingApiDependencies {
  readonly models: ModelRegistry
  /** Where the model is that finds pictures which are nearly the same: one for all, so that splits agree. */
  readonly starterFolder: string
}

export function createTrainingApi({ models, starterFolder }: TrainingApiDependencies): TrainingApi {
  const embed = embedByEncoder(() => openModelDirectory(starterFolder))
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
        await prepareRun({ models, embed }, request, out, listeners)
      }
      return followRun(workFolder, listeners)
    },

    async evaluate(request, { signal, onProgress }) {
      const { folder, model, against, labels = 'column', includeLearned = false } = request
      return evaluateFolder(resolve(folder), {
        model: await models.open(model),
        against: against === undefined ? null : await models.open(against),
        labels,
        includeLearned,
        embed,
        signal,
        onProgress: (phase, done, total) =>
          onProgress({ phase, done, total, ratePerSecond: 0, etaSeconds: null }),
      })
    },
  }
}

/** Of which pictures words are needed, by what is learned from. */
const wordsNeeded = { captions: 'all', both: 'some', pictures: 'none' } as const

/** Reads and splits the pairs and writes the work folder; nothing is trained yet. */
async function prepareRun(
  { models, embed }: { readonly models: ModelRegistry; readonly embed: EmbedPictures },
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
  const { pairs, skipped } = await readTrainingPairs(resolve(request.folder), {
    signal,
    labels: spec.labels,
    words: wordsNeeded[spec.learnFrom.kind],
  })
  for (const file of skipped) {
    onEvent({ type: 'notice', message: `${file.path} is left out: ${file.reason}` })
  }
  const split = await splitPairs(await nameCopiesAlike(pairs, signal), {
    holdOut: spec.holdOut,
    validation: spec.validation,
    seed: spec.seed,
    learned: spec.from === null ? null : await readLearned(await openModelDirectory(spec.from)),
    embed,
    signal,
    onProgress: (done, total) =>
      onEvent({ type: 'preparing', phase: 'comparing pictures', done, total }),
  })
  for (const message of split.notices) onEvent({ type: 'notice', message })
  const pairsToLearn = mergePairs(split.pairs.train).length
  const fitted = fitToCollection(await fitToParent(spec, request), request, pairsToLearn)
  const run = { spec: fitted, out, name: basename(out) }
  await writeWorkFolder(workFolder, run, split.pairs, split.pictures)
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
