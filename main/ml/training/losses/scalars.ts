/** The scalars that losses learn. */
import type { LossParameter, LossStart } from './loss.js'

export const logitScaleName = 'logit_scale'
export const logitBiasName = 'logit_bias'

/**
 * The range of theta, the logarithm of what cosines are multiplied by. It is CLIP's (Radford et al.
 * 2021): a scale above 100 made their training unstable, below 1 it cannot separate anything.
 */
export const logitScaleRange = { min: 0, max: Math.log(100) }

/**
 * theta. It starts at -ln of the temperature, or where the model trained from left it.
 */
export function logitScale(
  temperature: number | null,
  initial: (start: LossStart) => number = (start) => start.logitScale,
  range = logitScaleRange,
): LossParameter {
  return learnedScalar(logitScaleName, range, (start) =>
    temperature === null ? initial(start) : -Math.log(temperature),
  )
}

/** A scalar that does not decay. */
export function learnedScalar(
  name: string,
  range: { readonly min: number; readonly max: number },
  initial: (start: LossStart) => number,
): LossParameter {
  return {
    name,
    range,
    decayed: false,
    initial: (start) => ({ dims: [], data: Float32Array.of(initial(start)) }),
  }
}
