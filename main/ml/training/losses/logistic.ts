/** The logistic loss (SigLIP, Zhai et al. 2023): each picture with each text is a question of its own. */
import type { LossFactory } from './factory.js'
import { learnedScalar, logitBiasName, logitScale, logitScaleName } from './scalars.js'
import { cosines, equalityMatrix, meanOf, rowSums } from './similarity.js'

/** SigLIP's start: nothing belongs together until it is learned otherwise. */
const startScale = Math.log(10)
const startBias = -10
/** SigLIP's own checkpoints have scales up to 118 and biases down to -17. */
const scaleRange = { min: 0, max: Math.log(1000) }
const biasRange = { min: -50, max: 50 }

/**
 * 1/B sum_ij softplus(-z_ij (aS_ij + b)) with a = exp(theta), and z = 1 within a group, else -1.
 * Scale and bias belong together: they start from a model only if it has both.
 */
export const logistic: LossFactory<'logistic'> = ({ temperature }) => ({
  usesGroups: true,
  parameters: [
    logitScale(
      temperature,
      (start) => (start.logitBias === null ? startScale : start.logitScale),
      scaleRange,
    ),
    learnedScalar(logitBiasName, biasRange, ({ logitBias }) => logitBias ?? startBias),
  ],
  write(b, { first, second, groups, parameter }) {
    const scale = b.op('Exp', [parameter(logitScaleName)])
    const scaled = b.op('Mul', [cosines(b, first, second), scale])
    const logits = b.op('Add', [scaled, parameter(logitBiasName)])
    const same = b.op('Mul', [equalityMatrix(b, groups), b.scalar(2)])
    const sign = b.op('Sub', [b.scalar(1), same])
    return meanOf(b, rowSums(b, b.op('Softplus', [b.op('Mul', [sign, logits])])))
  },
})
