/** The losses that are compared, each with its own defaults, and the minings of triplet. */

import type { TrainingChoices } from '../main/tuning/trainingDefaults.js'
import { lossNames, tripletMinings } from '../shared/domain/losses.js'

/** Choices by the name that the table gives them. Another case is one entry. */
export const lossCases: Readonly<Record<string, TrainingChoices>> = {
  ...Object.fromEntries(
    lossNames
      .filter((loss) => loss !== 'triplet')
      .map((loss) => [loss, { loss, learnFrom: 'captions' } as const]),
  ),
  ...Object.fromEntries(
    tripletMinings.map((mining) => [`triplet ${mining}`, { loss: 'triplet', mining } as const]),
  ),
  'multi-positive, hard negatives': { hardNegatives: 0.5 },
  'multi-positive and two views': { learnFrom: 'both' },
  'nt-xent of two views alone': { loss: 'nt-xent' },
}
