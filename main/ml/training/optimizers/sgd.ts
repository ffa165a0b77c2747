/** Stochastic gradient descent with momentum, its weight decay apart from the gradient too. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import type { Graph } from '../../onnx/graph.js'
import { type Optimizer, UpdateBuilder } from './optimizer.js'

type SgdSpec = Extract<OptimizerSpec, { kind: 'sgd' }>

/** u' = momentum u + g; p' = (1 - lr wd) p - lr u'. */
export function createSgd({ momentum, weightDecay }: SgdSpec): Optimizer {
  return {
    state: ['velocity'],
    graph: buildGraph(),
    scalars: ({ learningRate, gradientScale, decayed }) => ({
      momentum,
      gradient_scale: gradientScale,
      learning_rate: learningRate,
      keep: decayed ? 1 - learningRate * weightDecay : 1,
    }),
  }
}

function buildGraph(): Graph {
  const b = new UpdateBuilder('sgd')
  const [parameter, gradient] = [b.array('parameter'), b.array('gradient')]
  const scaled = b.mul(gradient, b.fed('gradient_scale'))
  const velocity = b.add(b.mul(b.array('velocity'), b.fed('momentum')), scaled)
  const change = b.mul(velocity, b.fed('learning_rate'))
  b.next('parameter', b.op('Sub', [b.mul(parameter, b.fed('keep')), change]))
  b.next('velocity', velocity)
  return b.build()
}
