/** Lion (Chen et al. 2023): steps of one size by the sign of a momentum, half of AdamW's state. */
import type { OptimizerSpec } from '../../../../shared/domain/training.js'
import type { Graph } from '../../onnx/graph.js'
import { type Optimizer, UpdateBuilder } from './optimizer.js'

type LionSpec = Extract<OptimizerSpec, { kind: 'lion' }>

/** c = b1 m + (1-b1) g; p' = (1 - lr wd) p - lr sign(c); m' = b2 m + (1-b2) g. */
export function createLion({ beta1, beta2, weightDecay }: LionSpec): Optimizer {
  return {
    state: ['momentum'],
    graph: buildGraph(),
    scalars: ({ learningRate, gradientScale, decayed }) => ({
      beta1,
      beta2,
      gradient_scale: gradientScale,
      learning_rate: learningRate,
      keep: decayed ? 1 - learningRate * weightDecay : 1,
    }),
  }
}

/**
 * Both mixtures are g + b (m - g), so that one node alone reads the momentum, which is written over:
 * a second reader might come after the writer.
 */
function buildGraph(): Graph {
  const b = new UpdateBuilder('lion')
  const [parameter, momentum] = [b.array('parameter'), b.array('momentum')]
  const gradient = b.mul(b.array('gradient'), b.fed('gradient_scale'))
  const difference = b.op('Sub', [momentum, gradient])
  const mixed = b.add(gradient, b.mul(difference, b.fed('beta1')))
  const change = b.mul(b.op('Sign', [mixed]), b.fed('learning_rate'))
  b.next('parameter', b.op('Sub', [b.mul(parameter, b.fed('keep')), change]))
  b.next('momentum', b.add(gradient, b.mul(difference, b.fed('beta2'))))
  return b.build()
}
