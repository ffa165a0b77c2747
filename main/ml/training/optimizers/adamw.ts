/** AdamW (Loshchilov and Hutter 2019): Adam with weight decay apart from the gradient. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import type { Graph } from '../../onnx/graph.js'
import { type Optimizer, UpdateBuilder, type UpdateSettings } from './optimizer.js'

type AdamWSpec = Extract<OptimizerSpec, { kind: 'adamw' }>

/** m' = b1 m + (1-b1) g; v' = b2 v + (1-b2) g^2; p' = (1 - lr wd) p - lr m^ / (sqrt(v^) + eps). */
export function createAdamW(spec: AdamWSpec): Optimizer {
  return {
    state: ['first_moment', 'second_moment'],
    graph: buildGraph(),
    scalars: (settings) => computeScalars(spec, settings),
  }
}

/** All factors are fed, with the bias corrections in `step` and `epsilon`: fewer passes over memory. */
function buildGraph(): Graph {
  const b = new UpdateBuilder('adamw')
  const [parameter, gradient] = [b.array('parameter'), b.array('gradient')]
  const [first, second] = [b.array('first_moment'), b.array('second_moment')]
  const nextFirst = b.add(b.mul(first, b.fed('keep_first')), b.mul(gradient, b.fed('take_first')))
  const square = b.mul(b.mul(gradient, gradient), b.fed('take_second'))
  const nextSecond = b.add(b.mul(second, b.fed('keep_second')), square)
  const spread = b.add(b.op('Sqrt', [nextSecond]), b.fed('epsilon'))
  const change = b.mul(b.op('Div', [nextFirst, spread]), b.fed('step'))
  b.next('parameter', b.op('Sub', [b.mul(parameter, b.fed('keep')), change]))
  b.next('first_moment', nextFirst)
  b.next('second_moment', nextSecond)
  return b.build()
}

function computeScalars(
  { beta1, beta2, epsilon, weightDecay }: AdamWSpec,
  { update, learningRate, gradientScale, decayed }: UpdateSettings,
): Record<string, number> {
  const secondCorrection = Math.sqrt(1 - beta2 ** update)
  return {
    keep_first: beta1,
    take_first: (1 - beta1) * gradientScale,
    keep_second: beta2,
    take_second: (1 - beta2) * gradientScale ** 2,
    epsilon: epsilon * secondCorrection,
    step: (learningRate * secondCorrection) / (1 - beta1 ** update),
    keep: decayed ? 1 - learningRate * weightDecay : 1,
  }
}
