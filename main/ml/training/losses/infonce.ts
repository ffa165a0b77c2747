/** Symmetric InfoNCE (CLIP, Radford et al. 2021): each picture's own text against all others. */
import type { Graph } from '../../onnx/graph.js'
import type { GraphBuilder } from '../../onnx/graphBuilder.js'
import {
  cosineLogits,
  declarePairedInputs,
  equalityMatrix,
  symmetricCrossEntropy,
} from './crossEntropy.js'
import { type Loss, logitScale } from './loss.js'

/** 1/(2B) sum_i [LSE_j(aS_ij) + LSE_j(aS_ji) - 2aS_ii] with a = exp(theta). */
export const infonce: Loss = { usesGroups: false, parameters: [logitScale], build }

function build(): Graph {
  const inputs = declarePairedInputs('infonce')
  const { b } = inputs
  const identity = equalityMatrix(b, rowNumbers(b, inputs.images))
  b.output(symmetricCrossEntropy(b, cosineLogits(inputs), identity), 'float32', [], 'loss')
  return b.build()
}

/** 0 .. batch - 1. */
function rowNumbers(b: GraphBuilder, x: string): string {
  const batch = b.op('Slice', [b.op('Shape', [x]), b.ints([0]), b.ints([1])])
  const bounds = [b.ints([0]), batch, b.ints([1])].map((v) => b.op('Squeeze', [v]))
  return b.op('Range', bounds)
}
