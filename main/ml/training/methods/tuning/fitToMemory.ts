/** How many pairs go through the trained parts at once, so that training them fits in memory. */
import { inferShapes } from '../../../onnx/inferShapes.js'
import { simplify } from '../../../onnx/simplify.js'
import { keptBytesBeside } from '../../step/activationStore.js'
import type { SideTower } from './sideTower.js'

/** What the values kept for the backward pass of a part may take. */
const activationBytes = 1.5 * 2 ** 30
/** A weight, its gradient, two moments of it and its average. */
const arraysPerWeight = 5
/** Of the values that are counted, backward does not read all: "npm run bench finetune" tells memory. */
const countedOverKept = 1.6
const bytesPerValue = 4

type FittedSide = Pick<SideTower, 'tower' | 'shapes'>

/**
 * The largest power of two of pairs whose values fit, at most `wanted` and at least 1. Parts of a
 * batch go through one encoder after the other. A whole batch goes through both at once, which costs
 * less ("npm run bench finetune"): it leaves nothing to be kept of other parts, and may take their room.
 */
export function fitToMemory(sides: readonly FittedSide[], wanted: number): number {
  const bytes = sides.map(bytesPerInput)
  const room = countedOverKept * keptBytesBeside(arraysPerWeight * total(sides.map(trainedBytes)))
  if (wanted * total(bytes) <= Math.max(activationBytes, room)) return wanted
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
  return total(
    graph.nodes
      .filter(({ opType }) => !views.has(opType))
      .flatMap(({ outputs }) => outputs)
      .map((name) => values.get(name)?.shape.reduce((a, b) => a * b, bytesPerValue) ?? 0),
  )
}

function trainedBytes({ tower: { graph, trainable } }: FittedSide): number {
  return total(
    trainable.map((name) =>
      graph.initializers.get(name)!.dims.reduce((a, b) => a * b, bytesPerValue),
    ),
  )
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
