/** Symmetric InfoNCE (CLIP, Radford et al. 2021): each picture's own text against all others. */

import { symmetricCrossEntropy } from './crossEntropy.js'
import type { LossFactory } from './factory.js'
import { logitScale, logitScaleName } from './scalars.js'
import { cosines, equalityMatrix, rowNumbers } from './similarity.js'

/** 1/(2B) sum_i [LSE_j(aS_ij) + LSE_j(aS_ji) - 2aS_ii] with a = exp(theta). */
export const infonce: LossFactory<'infonce'> = ({ temperature }) => ({
  usesGroups: false,
  parameters: [logitScale(temperature)],
  write(b, { first, second, parameter }) {
    const scale = b.op('Exp', [parameter(logitScaleName)])
    const logits = b.op('Mul', [cosines(b, first, second), scale])
    return symmetricCrossEntropy(b, logits, equalityMatrix(b, rowNumbers(b, first)))
  },
})
