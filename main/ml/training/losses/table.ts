/** The losses by name. A new loss is one file and one line here. */
import type { lossNameSchema } from '../../../../shared/domain/training.js'
import { infonce } from './infonce.js'
import type { Loss } from './loss.js'
import { multiPositive } from './multiPositive.js'

export type LossName = (typeof lossNameSchema.options)[number]

export const losses: Readonly<Record<LossName, Loss>> = {
  infonce,
  'multi-positive': multiPositive,
}
