/** Makes an optimizer's specification and its rate of the few things a user says about them. */
import type { OptimizerSpec } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'

export interface OptimizerChoices {
  readonly optimizer?: OptimizerSpec['kind'] | undefined
  readonly weightDecay?: number | undefined
  readonly lr?: number | undefined
}

/** A method's own optimizer and rate. */
interface Recipe {
  readonly optimizer: Extract<OptimizerSpec, { kind: 'adamw' }>
  readonly learningRate: number
}

/** Lion's paper asks for a rate 3 to 10 times lower than AdamW's, and as much more decay. */
const lionFactor = 5

/** @throws AppError INVALID_ARGUMENT for SGD without a rate, which no rate of AdamW's stands for */
export function chooseOptimizer(
  choices: OptimizerChoices,
  recipe: Recipe,
): { optimizer: OptimizerSpec; learningRate: number } {
  const { optimizer: kind = 'adamw', weightDecay, lr } = choices
  const { weightDecay: usualDecay } = recipe.optimizer
  if (kind === 'adamw') {
    return {
      optimizer: { ...recipe.optimizer, weightDecay: weightDecay ?? usualDecay },
      learningRate: lr ?? recipe.learningRate,
    }
  }
  if (kind === 'lion') {
    const decay = weightDecay ?? usualDecay * lionFactor
    return {
      optimizer: { kind, beta1: 0.9, beta2: 0.99, weightDecay: decay },
      learningRate: lr ?? recipe.learningRate / lionFactor,
    }
  }
  if (lr === undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--lr',
      problem: 'sgd has no usual learning rate, so give one; 0.1 is a start',
    })
  }
  return {
    optimizer: { kind, momentum: 0.9, weightDecay: weightDecay ?? 0 },
    learningRate: lr,
  }
}
