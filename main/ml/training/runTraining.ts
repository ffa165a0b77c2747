/** One training run from its work folder to its model directory, from wherever it was left. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { TrainingEvent } from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import { removeStaleTemporaries } from '../../platform/atomicFiles.js'
import { readCheckpoint, writeCheckpoint } from './checkpoint/checkpointFile.js'
import { claimWorkFolder } from './claimWorkFolder.js'
import { losses } from './losses/table.js'
import type { PreparedTraining } from './methods/method.js'
import { methods } from './methods/table.js'
import type { PauseGate } from './pauseGate.js'
import { schedules } from './schedules/table.js'
import { type ContrastiveStep, createContrastiveStep } from './step/contrastiveStep.js'
import { makeStopRule, progressOf } from './stopRule.js'
import { type LoopPosition, runContrastiveTraining } from './trainLoop.js'
import { createWatcher } from './watch.js'
import {
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

const savedStateSchema = z.object({
  position: z.object({ step: z.number().int().min(0), elapsedMs: z.number().min(0) }),
  method: z.unknown(),
})

/**
 * Trains what the work folder asks for and writes the model directory; then the work folder goes.
 *
 * @throws CANCELLED after saving; NO_PICTURES, TRAINING_DIVERGED, DISK_FULL, CHECKPOINT_INVALID
 */
export async function runTraining(workFolder: string, hooks: RunTrainingHooks): Promise<void> {
  const run = await readRunFile(workFolder)
  await claimWorkFolder(workFolder)
  const pairs = await readPairs(workFolder)
  await removeStaleTemporaries(checkpointPath(workFolder))
  const saved = await readSaved(workFolder)
  const { signal, onEvent } = hooks
  const state = saved?.state.method ?? null
  const prepared = await methods[run.spec.method]({
    run,
    pairs,
    workFolder,
    state,
    signal,
    onEvent,
  })
  try {
    const step = await openStep(run, prepared)
    try {
      if (saved) restoreState(step, saved.tensors, checkpointPath(workFolder))
      const position = await train(run, prepared, step, {
        ...hooks,
        from: saved?.state.position ?? { step: 0, elapsedMs: 0 },
        checkpoint: checkpointPath(workFolder),
        resumed: saved !== null,
      })
      await publish(run, prepared, step, position, onEvent)
    } finally {
      await step.dispose()
    }
  } finally {
    await prepared.dispose()
  }
  await removeWorkFolder(workFolder)
}

async function readSaved(workFolder: string) {
  const path = checkpointPath(workFolder)
  const content = await readCheckpoint(path)
  if (content === null) return null
  const state = savedStateSchema.safeParse(content.state)
  if (state.success) return { state: state.data, tensors: content.tensors }
  throw new AppError('CHECKPOINT_INVALID', { path, reason: z.prettifyError(state.error) })
}

function openStep({ spec }: TrainingRunFile, prepared: PreparedTraining): Promise<ContrastiveStep> {
  return createContrastiveStep({
    towers: prepared.towers,
    loss: losses[spec.loss],
    optimizer: spec.optimizer,
    microBatchSize: prepared.microBatchSize,
    clipNorm: spec.clipNorm,
    emaDecay: spec.emaDecay,
    device: spec.device,
    threads: spec.threads,
  })
}

function restoreState(
  step: ContrastiveStep,
  tensors: ReadonlyMap<string, Float32Array>,
  path: string,
): void {
  for (const [name, live] of Object.entries(step.state)) {
    const values = tensors.get(name)
    if (values?.length !== live.length) {
      throw new AppError('CHECKPOINT_INVALID', { path, reason: `${name} does not fit this run` })
    }
    live.set(values)
  }
}

interface TrainOptions extends RunTrainingHooks {
  readonly from: LoopPosition
  readonly checkpoint: string
  readonly resumed: boolean
}

async function train(
  { spec }: TrainingRunFile,
  prepared: PreparedTraining,
  step: ContrastiveStep,
  options: TrainOptions,
): Promise<LoopPosition> {
  const { from, checkpoint, onEvent } = options
  const { source } = prepared
  const stop = makeStopRule(spec, source.batchesPerEpoch)
  if (step.notice !== undefined) onEvent({ type: 'notice', message: step.notice })
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
    const state = { position, method: prepared.state }
    await writeCheckpoint(checkpoint, { state, tensors: new Map(Object.entries(step.state)) })
    onEvent({ type: 'checkpointed', step: position.step, path: checkpoint })
  }
  const watcher = prepared.watch && createWatcher(prepared.watch, step, options)
  await watcher?.(from.step, progressOf(stop, from.step, from.elapsedMs))
  return runContrastiveTraining(
    {
      source,
      step,
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
      ...(watcher ? { afterStep: watcher } : {}),
    },
  )
}

/** Evaluates what was learned and writes the model directory. */
async function publish(
  run: TrainingRunFile,
  prepared: PreparedTraining,
  step: ContrastiveStep,
  position: LoopPosition,
  onEvent: (event: TrainingEvent) => void,
): Promise<void> {
  const model = await prepared.finish(step)
  const seconds = position.elapsedMs / 1000
  const { heldOut, facts } = model
  if (heldOut) {
    onEvent({ type: 'evaluated', part: 'heldOut', step: position.step, report: heldOut })
  }
  const modelId = await model.write(run.out, {
    ...facts,
    spec: run.spec,
    splitManifest: await hashSplit(workFolderOf(run.out)),
    pairs: prepared.pairs,
    skippedFiles: prepared.skipped.length,
    steps: position.step,
    seconds,
    heldOut,
    before: prepared.before,
  })
  onEvent({
    type: 'finished',
    step: position.step,
    seconds,
    modelPath: run.out,
    modelId,
    heldOut,
    before: prepared.before,
  })
}

/** `run.json` goes first: a folder without it is no run, whatever else a crash leaves in it. */
async function removeWorkFolder(workFolder: string): Promise<void> {
  await rm(join(workFolder, 'run.json'), { force: true })
  await rm(workFolder, { recursive: true, force: true })
}
