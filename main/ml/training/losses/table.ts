/** The losses by name. A new loss is one file, one line here, and its options in shared/domain/losses.ts. */
import type { LossName, LossSpec } from '../../../../shared/domain/losses.js'
import { contrastive } from './contrastive.js'
import type { LossFactory } from './factory.js'
import { gmc } from './gmc.js'
import { infonce } from './infonce.js'
import { logistic } from './logistic.js'
import type { Loss } from './loss.js'
import { multiPositive } from './multiPositive.js'
import { nPair } from './nPair.js'
import { ntXent } from './ntXent.js'
import { supcon } from './supcon.js'
import { triplet } from './triplet.js'

const factories: Readonly<{ [Name in LossName]: LossFactory<Name> }> = {
  'multi-positive': multiPositive,
  infonce,
  logistic,
  supcon,
  'nt-xent': ntXent,
  gmc,
  triplet,
  contrastive,
  'n-pair': nPair,
}

/** The loss that a specification asks for. */
export function createLoss<Name extends LossName>(spec: Extract<LossSpec, { name: Name }>): Loss {
  const factory: LossFactory<Name> = factories[spec.name as Name]
  return factory(spec)
}
