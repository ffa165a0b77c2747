/** Holds what is asked of an interrupted run to what it was begun with. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import { lossOptionKeys } from './lossChoice.js'
import { optionOf, type TrainingChoices } from './trainingDefaults.js'

/** What a choice is called in a run's specification; `device` decides no result. */
const specKeys = {
  method: 'method',
  arch: 'arch',
  from: 'from',
  minutes: 'minutes',
  epochs: 'epochs',
  batch: 'batchSize',
  accumulate: 'accumulate',
  layerDecay: 'layerDecay',
  patience: 'patience',
  lr: 'learningRate',
  schedule: 'schedule',
  warmup: 'warmup',
  ema: 'emaDecay',
  seed: 'seed',
  labels: 'labels',
  head: 'head',
  tower: 'tower',
  blend: 'blend',
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
  for (const [choice, begun] of begunWith(spec)) {
    const wanted = choices[choice]
    if (wanted === undefined || wanted === begun) continue
    const option = optionOf(choice)
    const value = begun === true ? '' : ` ${begun}`
    const as = begun === null || begun === false ? `without ${option}` : `with ${option}${value}`
    throw new AppError('INVALID_ARGUMENT', {
      argument: option,
      problem: `the interrupted run was begun ${as} and goes on so; leave the option out, or remove ${workFolder} to begin anew`,
    })
  }
}

/** What the run was begun with, by the name of the choice. */
function begunWith(spec: TrainingSpec): [keyof TrainingChoices, unknown][] {
  const loss: Readonly<Record<string, unknown>> = spec.loss
  const own = Object.entries(specKeys).map(([choice, key]) => [choice, spec[key]])
  const ofLoss = Object.entries(lossOptionKeys).map(([choice, key]) => [choice, loss[key] ?? null])
  const { learnFrom, sampling } = spec
  const weight = learnFrom.kind === 'both' ? learnFrom.weight : null
  const { rank, alpha, blocks, layers } = spec.lowRank
  const others = [
    ['rank', rank],
    ['alpha', alpha],
    ['blocks', blocks ?? 'all'],
    ['layers', layers],
    ['optimizer', spec.optimizer.kind],
    ['weightDecay', spec.optimizer.weightDecay],
    ['loss', spec.loss.name],
    ['learnFrom', learnFrom.kind],
    ['viewWeight', weight],
    ['hardNegatives', sampling.kind === 'hard-negatives' ? sampling.share : null],
    ['balanced', sampling.kind === 'balanced'],
  ]
  return [...own, ...ofLoss, ...others] as [keyof TrainingChoices, unknown][]
}
