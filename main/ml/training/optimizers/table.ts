/** The optimizers by kind. A new one is one file and one line here. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import { createAdamW } from './adamw.js'
import { createLion } from './lion.js'
import type { Optimizer } from './optimizer.js'
import { createSgd } from './sgd.js'

type Creators = {
  readonly [K in OptimizerSpec['kind']]: (spec: Extract<OptimizerSpec, { kind: K }>) => Optimizer
}

const optimizers: Creators = { adamw: createAdamW, sgd: createSgd, lion: createLion }

/** The optimizer that `spec` describes. */
export function createOptimizer<K extends OptimizerSpec['kind']>(
  spec: Extract<OptimizerSpec, { kind: K }>,
): Optimizer {
  return (optimizers[spec.kind as K] as Creators[K])(spec)
}
