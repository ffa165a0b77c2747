/** How many pairs go through the trained parts at once, so that training them fits in memory. */
import { inferShapes } from '../../../onnx/inferShapes.js'
import { simplify } from '../../../onnx/simplify.js'
import { keptBytesBeside } from '../../step/activationStore.js'
import type { SideTower } from './sideTower.js'

/** What the values kept for the backward pass of a part may take. */
const activationBytes = 1.5 * 2 ** 30
/**
 * A whole batch at once leaves nothing to be kept of other parts, and may take their room. Half as
 * much again, as values are counted that backward does not read: by "npm run bench finetune" a
 * process takes 3.2 GB with its weights where 4.7 are counted.
 */
const wholeBatchBytes = Math.max(activationBytes, 1.5 * keptBytesBeside(0))
const bytesPerValue = 4

type FittedSide = Pick<SideTower, 'tower' | 'shapes'>

/**
 * The largest power of two of pairs whose values fit, at most `wanted` and at least 1. Parts of a
 * batch go through one encoder after the other. A whole batch goes through both at once, which costs
 * less ("npm run bench finetune").
 */
export function fitToMemory(sides: readonly FittedSide[], wanted: number): number {
  const bytes = sides.map(bytesPerInput)
  if (wanted * bytes.reduce((sum, own) => sum + own, 0) <= wholeBatchBytes) return wanted
  const fitting = Math.max(1, Math.floor(activationBytes / Math.max(...bytes)))
  return Math.min(wanted, 2 ** Math.floor(Math.log2(fitting)))
}

/** Operators whose results are other views of the same memory. */
const views: ReadonlySet<string> = new Set([
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Identity',
])

/** All that a trained part computes of one input; an upper bound of what backward reads of it. */
function bytesPerInput({ tower, shapes }: FittedSide): number {
  const inputShapes = shapes(1)
  const graph = simplify(tower.graph, { inputShapes, keep: tower.trainable })
  const values = inferShapes(graph, inputShapes)
  return graph.nodes
    .filter(({ opType }) => !views.has(opType))
    .flatMap(({ outputs }) => outputs)
    .map((name) => values.get(name)?.shape.reduce((a, b) => a * b, bytesPerValue) ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0)
}
