/** The specification of a run over photos of the library. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { fitToCollection } from './fitToCollection.js'
import { lessonSplit } from './lessonPlan.js'
import { completeTrainingSpec } from './trainingDefaults.js'

export interface TeachSpecOptions {
  readonly method: TrainingSpec['method']
  /** Folder of the model that `quick` and `deep` begin from. */
  readonly from: string
  readonly minutes: number | null
  readonly pairs: number
  readonly device: TrainingSpec['device']
}

export function teachSpec(options: TeachSpecOptions): TrainingSpec {
  const { method, from, minutes, pairs, device } = options
  const begins = method !== 'scratch'
  const spec = completeTrainingSpec({
    method,
    device,
    ...(begins ? { from } : {}),
    ...(minutes === null ? {} : { minutes }),
  })
  const { holdOut, validation } = lessonSplit(pairs)
  if (!begins) return { ...spec, holdOut }
  const trained = pairs * (1 - holdOut - validation)
  const limits = minutes === null ? {} : { minutes }
  return { ...fitToCollection(spec, limits, trained), holdOut, validation }
}
