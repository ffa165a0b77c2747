/** The specification of a run over photos of the library. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { lessonSplit } from './lessonPlan.js'
import { completeTrainingSpec } from './trainingDefaults.js'

/** A quick run makes at least so many steps, unless it is over before: with few pairs an epoch is one. */
const leastQuickSteps = 300

export interface TeachSpecOptions {
  readonly method: TrainingSpec['method']
  /** Folder of the model that `quick` begins from. */
  readonly from: string
  readonly minutes: number | null
  readonly pairs: number
  readonly device: TrainingSpec['device']
}

export function teachSpec(options: TeachSpecOptions): TrainingSpec {
  const { method, from, minutes, pairs, device } = options
  const quick = method === 'quick'
  const spec = completeTrainingSpec({
    method,
    device,
    ...(quick ? { from } : {}),
    ...(minutes === null ? {} : { minutes }),
  })
  const { holdOut, validation } = lessonSplit(pairs)
  if (!quick) return { ...spec, holdOut }
  const stepsPerEpoch = Math.max(
    1,
    Math.floor((pairs * (1 - holdOut - validation)) / spec.batchSize),
  )
  const epochs =
    minutes === null ? Math.max(spec.epochs ?? 0, Math.ceil(leastQuickSteps / stepsPerEpoch)) : null
  return { ...spec, holdOut, validation, epochs }
}
