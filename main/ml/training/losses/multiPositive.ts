/** InfoNCE with several right answers (UniCL, Yang et al. 2022), for repeated captions and labels. */
import { symmetricCrossEntropy } from './crossEntropy.js'
import type { LossFactory } from './factory.js'
import { logitScale, logitScaleName } from './scalars.js'
import { cosines, equalityMatrix, shareOut } from './similarity.js'

/**
 * Cross-entropy against Q, in which row i shares its weight equally among the pairs of the group of
 * pair i. With every pair in a group of its own it is InfoNCE.
 */
export const multiPositive: LossFactory<'multi-positive'> = ({ temperature }) => ({
  usesGroups: true,
  parameters: [logitScale(temperature)],
  write(b, { first, second, groups, parameter }) {
    const scale = b.op('Exp', [parameter(logitScaleName)])
    const logits = b.op('Mul', [cosines(b, first, second), scale])
    return symmetricCrossEntropy(b, logits, shareOut(b, equalityMatrix(b, groups)))
  },
})
