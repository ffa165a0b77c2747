/** How a loss is made of its options. */
import type { LossName, LossSpec } from '../../../../shared/domain/losses.js'
import type { Loss } from './loss.js'

/** Makes the loss that a specification of this name asks for. */
export type LossFactory<Name extends LossName> = (spec: Extract<LossSpec, { name: Name }>) => Loss
