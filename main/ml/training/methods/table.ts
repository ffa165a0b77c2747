/** The training methods by name. A new method is one file and one line here. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { deep } from './deep.js'
import { full } from './full.js'
import type { TrainingMethod } from './method.js'
import { quick } from './quick.js'
import { scratch } from './scratch.js'

export const methods: Readonly<Record<TrainingSpec['method'], TrainingMethod>> = {
  scratch,
  quick,
  deep,
  full,
}
