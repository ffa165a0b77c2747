/** Holds what is asked of an interrupted run to what it was begun with. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import type { TrainingChoices } from './trainingDefaults.js'

/** What a choice is called in a run's specification; `device` decides no result. */
const specKeys = {
  method: 'method',
  arch: 'arch',
  from: 'from',
  loss: 'loss',
  minutes: 'minutes',
  epochs: 'epochs',
  batch: 'batchSize',
  lr: 'learningRate',
  seed: 'seed',
} as const satisfies Partial<Record<keyof TrainingChoices, keyof TrainingSpec>>

/**
 * A run goes on as it was begun: its schedule and its checkpoint fit no other settings, so one that
 * was asked for and would not be heeded is an error.
 *
 * @param workFolder of the run, to be told
 * @throws AppError INVALID_ARGUMENT naming the choice that differs
 */
export function refuseOtherChoices(
  choices: TrainingChoices,
  spec: TrainingSpec,
  workFolder: string,
): void {
  for (const [choice, key] of Object.entries(specKeys)) {
    const wanted = choices[choice as keyof typeof specKeys]
    const begun = spec[key]
    if (wanted === undefined || wanted === begun) continue
    const as = begun === null ? `without --${choice}` : `with --${choice} ${begun}`
    throw new AppError('INVALID_ARGUMENT', {
      argument: `--${choice}`,
      problem: `the interrupted run was begun ${as} and goes on so; leave the option out, or remove ${workFolder} to begin anew`,
    })
  }
}
