/** One training run from its work folder to its model directory, from wherever it was left. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TeachCurves } from '../../../shared/domain/teaching.js'
import type { TrainingEvent } from '../../../shared/domain/training.js'
import { AppError, isAppError } from '../../../shared/errors.js'
import { removeStaleTemporaries } from '../../platform/atomicFiles.js'
import { accumulateBatches } from './accumulate.js'
import type { EmbedImages } from './batchSource.js'
import { writeCheckpoint } from './checkpoint/checkpointFile.js'
import { claimWorkFolder } from './claimWorkFolder.js'
import type { FinishedTraining, PreparedTraining } from './methods/method.js'
import { methods } from './methods/table.js'
import { createObjective } from './objectives/table.js'
import type { PauseGate } from './pauseGate.js'
import { createRunCurves, type RunCurves } from './runCurves.js'
import { readSaved, restoreState, type SavedRun } from './savedRun.js'
import { schedules } from './schedules/table.js'
import { type ContrastiveStep, createContrastiveStep } from './step/contrastiveStep.js'
import { makeStopRule, progressOf } from './stopRule.js'
import { type LoopPosition, runContrastiveTraining } from './trainLoop.js'
import { createWatcher } from './watch.js'
import {
  bestWeightsPath,
  checkpointPath,
  hashSplit,
  readPairs,
  readRunFile,
  type TrainingRunFile,
  workFolderOf,
} from './workFolder.js'

export interface RunTrainingHooks {
  readonly signal: AbortSignal
  readonly gate: PauseGate
  readonly onEvent: (event: TrainingEvent) => void
  readonly saveEveryMs: number
}

/**
 * Trains what the work folder asks for and writes the model directory; then the work folder goes.
 *
 * @throws CANCELLED after saving; NO_PICTURES, TRAINING_DIVERGED, DISK_FULL, CHECKPOINT_INVALID
 */
export async function runTraining(workFolder: string, hooks: RunTrainingHooks): Promise<void> {
  try {
    await runWorkFolder(workFolder, hooks)
  } catch (error) {
    // What looks at the signal on its own, such as an evaluation, throws the signal's reason.
    if (isAppError(error) || !hooks.signal.aborted || !isAbort(error, hooks.signal)) throw error
    throw new AppError('CANCELLED', { what: 'The training' }, { cause: error })
  }
}

function isAbort(error: unknown, { reason }: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError')
}

async function runWorkFolder(workFolder: string, hooks: RunTrainingHooks): Promise<void> {
  const run = await readRunFile(workFolder)
  await claimWorkFolder(workFolder)
  const pairs = await readPairs(workFolder)
  await removeStaleTemporaries(checkpointPath(workFolder))
  await removeStaleTemporaries(bestWeightsPath(workFolder))
  const saved = await readSaved(checkpointPath(workFolder))
  const { signal } = hooks
  const state = saved?.state.method ?? null
  let curves: RunCurves | null = null
  const onEvent = (event: TrainingEvent) => {
    curves?.add(event)
    hooks.onEvent(event)
  }
  const prepared = await methods[run.spec.method]({
    run,
    pairs,
    workFolder,
    state,
    signal,
    onEvent,
  })
  curves = createRunCurves(saved?.state.curves ?? null, prepared.watch?.part ?? 'heldOut')
  try {
    const trained = await trainModel(run, prepared, saved, {
      ...hooks,
      onEvent,
      curves,
      workFolder,
    })
    // Only now: the training step is gone, and what it held in memory with it.
    await publish(run, prepared, trained, curves.read(), hooks.onEvent)
  } finally {
    await prepared.dispose()
  }
  await removeWorkFolder(workFolder)
}

/** A run's result, not written yet. */
interface TrainedModel extends LoopPosition {
  readonly model: FinishedTraining
  readonly device: ContrastiveStep['device']
}

async function trainModel(
  run: TrainingRunFile,
  prepared: PreparedTraining,
  saved: SavedRun | null,
  {
    workFolder,
    ...hooks
  }: RunTrainingHooks & {
    readonly workFolder: string
    readonly curves: RunCurves
  },
): Promise<TrainedModel> {
  const step = await openStep(run, prepared)
  try {
    if (saved?.state.mined) prepared.source.mining?.restore(saved.state.mined)
    if (saved?.state.watch) prepared.watch?.restore?.(saved.state.watch)
    if (saved) restoreState(step, saved.tensors, checkpointPath(workFolder))
    const position = await train(run, prepared, step, {
      ...hooks,
      from: saved?.state.position ?? { step: 0, elapsedMs: 0 },
      checkpoint: checkpointPath(workFolder),
      resumed: saved !== null,
    })
    return { ...position, model: await prepared.finish(step), device: step.device }
  } finally {
    await step.dispose()
  }
}

function openStep({ spec }: TrainingRunFile, prepared: PreparedTraining): Promise<ContrastiveStep> {
  return createContrastiveStep({
    towers: prepared.towers,
    objective: createObjective(spec),
    optimizer: spec.optimizer,
    microBatchSize: prepared.microBatchSize,
    clipNorm: spec.clipNorm,
    emaDecay: spec.emaDecay,
    device: spec.device,
    threads: spec.threads,
  })
}

interface TrainOptions extends RunTrainingHooks {
  readonly from: LoopPosition
  readonly checkpoint: string
  readonly resumed: boolean
  readonly curves: RunCurves
}

async function train(
  { spec }: TrainingRunFile,
  prepared: PreparedTraining,
  step: ContrastiveStep,
  options: TrainOptions,
): Promise<LoopPosition> {
  const { from, checkpoint, onEvent } = options
  const source = accumulateBatches(prepared.source, spec.accumulate)
  const stop = makeStopRule(spec, source.batchesPerEpoch)
  const sayFallback = onceWithNotice(step, onEvent)
  sayFallback()
  onEvent({
    type: 'started',
    pairs: prepared.pairs,
    heldOut: prepared.heldOut,
    skipped: [...prepared.skipped],
    parameters: [...step.parameters.values()].reduce((sum, values) => sum + values.length, 0),
    totalSteps: stop.totalSteps,
    device: step.device,
    resumedAtStep: options.resumed ? from.step : null,
  })
  const save = async (position: LoopPosition) => {
    const state = {
      position,
      method: prepared.state,
      mined: source.mining?.state,
      curves: options.curves.read(),
      watch: prepared.watch?.state,
    }
    await writeCheckpoint(checkpoint, { state, tensors: new Map(Object.entries(step.state)) })
    onEvent({ type: 'checkpointed', step: position.step, path: checkpoint })
  }
  const { mining } = source
  const embed: EmbedImages = (inputs) => step.embed('image', inputs, 'average')
  const watcher = prepared.watch && createWatcher(prepared.watch, step, options)
  await watcher?.(from.step, progressOf(stop, from.step, from.elapsedMs))
  return runContrastiveTraining(
    {
      source,
      step: { run: (batches, learningRate) => step.runMean(batches, learningRate) },
      learningRate: spec.learningRate,
      schedule: schedules[spec.schedule],
      warmup: spec.warmup,
      warmupSteps: spec.warmupSteps,
      stop,
      from,
    },
    {
      signal: options.signal,
      gate: options.gate,
      onEvent,
      save,
      saveEveryMs: options.saveEveryMs,
      ...(mining ? { beforeStep: (at) => mining.beforeStep(at, embed, options.signal) } : {}),
      afterStep: async (...position) => {
        sayFallback()
        return (await watcher?.(...position)) ?? false
      },
    },
  )
}

/** Tells once that the step fell back to the CPU, whenever that happens. */
function onceWithNotice(
  step: Pick<ContrastiveStep, 'notice'>,
  onEvent: (event: TrainingEvent) => void,
): () => void {
  let told = false
  return () => {
    if (told || step.notice === undefined) return
    told = true
    onEvent({ type: 'notice', message: step.notice })
  }
}

/** Tells how good the model was found and writes its directory. */
async function publish(
  run: TrainingRunFile,
  prepared: PreparedTraining,
  { model, device, step, elapsedMs }: TrainedModel,
  curves: TeachCurves,
  onEvent: (event: TrainingEvent) => void,
): Promise<void> {
  const seconds = elapsedMs / 1000
  const { heldOut, pictures = null, chosen } = model
  if (heldOut) {
    onEvent({ type: 'evaluated', part: 'heldOut', step, report: heldOut })
  }
  if (pictures) {
    const report = pictures
    onEvent({ type: 'evaluatedPictures', part: 'heldOut', step, report })
  }
  const report = {
    ...chosen,
    spec: run.spec,
    splitManifest: await hashSplit(workFolderOf(run.out)),
    pairs: prepared.pairs,
    skippedFiles: prepared.skipped.length,
    steps: step,
    seconds,
    heldOut,
    before: prepared.before,
    pictures,
    curves,
  }
  const written = await model.write(run.out, report, { trainedMs: elapsedMs, device })
  onEvent({
    type: 'finished',
    step,
    seconds,
    modelPath: run.out,
    modelId: written.id,
    heldOut,
    before: prepared.before,
    pictures,
    search: written.manifest?.search ?? null,
    blend: chosen?.blend ?? null,
    blends: [...(chosen?.blends ?? [])],
  })
}

/** `run.json` goes first: a folder without it is no run, whatever else a crash leaves in it. */
async function removeWorkFolder(workFolder: string): Promise<void> {
  await rm(join(workFolder, 'run.json'), { force: true })
  await rm(workFolder, { recursive: true, force: true })
}
