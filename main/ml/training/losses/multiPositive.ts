/** InfoNCE with several right answers (UniCL, Yang et al. 2022), for repeated captions and labels. */
import type { Graph } from '../../onnx/graph.js'
import {
  cosineLogits,
  declarePairedInputs,
  equalityMatrix,
  symmetricCrossEntropy,
} from './crossEntropy.js'
import { type Loss, logitScale } from './loss.js'

/**
 * Cross-entropy against Q, in which row i shares its weight equally among the pairs of the group of
 * pair i. With every pair in a group of its own it is InfoNCE.
 */
export const multiPositive: Loss = { usesGroups: true, parameters: [logitScale], build }

function build(): Graph {
  const inputs = declarePairedInputs('multi_positive')
  const { b } = inputs
  const equal = equalityMatrix(b, b.input('groups', 'int64', ['batch']))
  const count = b.op('ReduceSum', [equal, b.ints([1])], { keepdims: 1 })
  const targets = b.op('Div', [equal, count])
  b.output(symmetricCrossEntropy(b, cosineLogits(inputs), targets), 'float32', [], 'loss')
  return b.build()
}
