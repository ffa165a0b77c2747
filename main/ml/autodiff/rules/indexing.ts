/** Rules of gathers and scatters: each one's gradient is the other. */

import { AppError } from '../../../../shared/errors.js'
import { intAttribute, stringAttribute } from '../../onnx/attributes.js'
import { frontAxis, sizeOf } from '../dims.js'
import type { RuleContext, RuleTable, Vjp } from '../rule.js'

const adding = { reduction: 'add' }

export const indexingRules: RuleTable = {
  // y = x[..., i, ...] along an axis: dx = zeros with dy added at i
  Gather: (c) => [() => ungather(c)],
  // y[i, j] = x[k[i, j], j]: dx = zeros with dy added at k
  GatherElements: ({ op, zeros, node, shape, dy, x }) => [
    () => {
      const attributes = { ...adding, axis: intAttribute(node, 'axis', 0) }
      return op('ScatterElements', [zeros(shape(x[0]!)), x[1]!, dy], attributes)
    },
  ],
  // y[i] = x[k[i]]: dx = zeros with dy added at k
  GatherND: (c) => [() => ungatherND(c)],
  // y = x with u set or added at k: dx = dy (zero at k if set), du = dy[k]
  ScatterND: (c) => [
    () => (isAdding(c) ? c.dy : c.op('ScatterND', [c.dy, c.x[1]!, c.zeros(c.shape(c.x[2]!))])),
    null,
    () => c.op('GatherND', [c.dy, c.x[1]!]),
  ],
  // as ScatterND, along an axis
  ScatterElements: (c) => scatterElements(c),
}

function scatterElements(context: RuleContext): (Vjp | null)[] {
  const { op, zeros, node, shape, dy, x } = context
  const axis = { axis: intAttribute(node, 'axis', 0) }
  const erased = () => op('ScatterElements', [dy, x[1]!, zeros(shape(x[2]!))], axis)
  return [
    () => (isAdding(context) ? dy : erased()),
    null,
    () => op('GatherElements', [dy, x[1]!], axis),
  ]
}

/** Whether a scatter adds; only setting and adding are linear in both inputs. */
function isAdding({ node }: RuleContext): boolean {
  const reduction = stringAttribute(node, 'reduction', 'none')
  if (reduction === 'none' || reduction === 'add') return reduction === 'add'
  const opType = `${node.opType} (${reduction})`
  throw new AppError('GRADIENT_RULE_MISSING', { opType, opset: 18 })
}

/**
 * The gathered axis is moved to the front, where ScatterND adds whole rows.
 *
 * A product with one-hot rows was measured slower at every vocabulary: 58 ms against 2 ms for 3,000
 * rows of 256; for 49,408 over unique ids 78 against 37, nearly all of it the writing of the result.
 */
function ungather(context: RuleContext): string {
  const { op, zeros, node, shape, reshape, dy, x, y } = context
  const input = shape(x[0]!)
  const indices = shape(x[1]!)
  const axis = frontAxis(intAttribute(node, 'axis', 0), input.length)
  const picked = indices.map((_, i) => axis + i)
  const around = shape(y[0]!).flatMap((_, i) => (picked.includes(i) ? [] : [i]))
  const rows = axis === 0 ? dy : op('Transpose', [dy], { perm: [...picked, ...around] })
  const rest = input.filter((_, i) => i !== axis)
  const count = sizeOf(indices)
  const scattered = op(
    'ScatterND',
    [zeros([input[axis]!, ...rest]), reshape(x[1]!, [count, 1]), reshape(rows, [count, ...rest])],
    adding,
  )
  if (axis === 0) return scattered
  const back = input.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i))
  return op('Transpose', [scattered], { perm: back })
}

/** Batch axes become coordinates of their own, so that one ScatterND covers all of them. */
function ungatherND({ op, zeros, ints, node, shape, dy, x }: RuleContext): string {
  const indices = shape(x[1]!)
  const batch = indices.slice(0, intAttribute(node, 'batch_dims', 0))
  if (batch.length === 0) return op('ScatterND', [zeros(shape(x[0]!)), x[1]!, dy], adding)
  const coordinates = batchCoordinates(batch, indices.slice(0, -1))
  const prefix = ints(coordinates, [...indices.slice(0, -1), batch.length])
  const full = op('Concat', [prefix, x[1]!], { axis: -1 })
  return op('ScatterND', [zeros(shape(x[0]!)), full, dy], adding)
}

/** For each position of `positions` in row-major order, its coordinates on the batch axes. */
function batchCoordinates(batch: readonly number[], positions: readonly number[]): number[] {
  return Array.from({ length: sizeOf(positions) }, (_, flat) =>
    batch.map((dim, axis) => Math.floor(flat / sizeOf(positions.slice(axis + 1))) % dim),
  ).flat()
}
