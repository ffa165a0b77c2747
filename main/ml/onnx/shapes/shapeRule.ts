/** What a shape rule is given and gives: one node with all that is known of its inputs. */
import { AppError } from '../../../../shared/errors.js'
import type { ElementType, GraphNode, TensorData } from '../graph.js'

/** The type and the fixed shape of a value. */
export interface StaticValue {
  readonly type: ElementType
  readonly shape: readonly number[]
}

/** A value whose elements are known too, if it is constant. */
export interface KnownValue extends StaticValue {
  readonly tensor?: TensorData
}

/** One node; an input that is left out is null. */
export interface NodeContext {
  readonly node: GraphNode
  readonly opset: number
  readonly inputs: readonly (KnownValue | null)[]
}

/** The node's outputs, in order; more than the node names are ignored. */
export type ShapeRule = (context: NodeContext) => readonly StaticValue[]
export type ShapeRules = Readonly<Record<string, ShapeRule>>

/** An error naming the node whose inputs do not fit. */
export function mismatch({ node }: NodeContext, problem: string): AppError {
  return new AppError('SHAPE_MISMATCH', { where: `${node.opType} "${node.name}"`, problem })
}

/** Input `index`, which must be there. @throws AppError SHAPE_MISMATCH */
export function inputOf(context: NodeContext, index: number): KnownValue {
  const value = context.inputs[index]
  if (!value) throw mismatch(context, `input ${index} is missing`)
  return value
}

/** A tensor's elements as numbers; 64-bit integers are clamped to the safe range. */
export function clampedNumbers(tensor: TensorData): number[] {
  if (tensor.type !== 'int64') return Array.from(tensor.data)
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return Array.from(tensor.data, (value) =>
    Number(value > limit ? limit : value < -limit ? -limit : value),
  )
}

/** The elements of optional input `index`: undefined where it is left out. @throws AppError SHAPE_MISMATCH where they are not constant */
export function constantInput(context: NodeContext, index: number): number[] | undefined {
  const value = context.inputs[index]
  if (!value) return undefined
  if (!value.tensor) {
    throw mismatch(context, `its output shape depends on the values of input ${index}`)
  }
  return clampedNumbers(value.tensor)
}

/** The elements of input `index`, which must be there and constant. */
export function requiredConstant(context: NodeContext, index: number): number[] {
  inputOf(context, index)
  return constantInput(context, index)!
}

/** An axis counted from the front. @throws AppError SHAPE_MISMATCH where it is out of range */
export function normalizeAxis(context: NodeContext, axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis
  if (result < 0 || result >= rank) {
    throw mismatch(context, `axis ${axis} is out of range for rank ${rank}`)
  }
  return result
}

/** The number of elements in a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Two or more shapes broadcast together. @throws AppError SHAPE_MISMATCH */
export function broadcastShapes(
  context: NodeContext,
  shapes: readonly (readonly number[])[],
): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const size = sizes.find((s) => s !== 1) ?? 1
    if (sizes.some((s) => s !== 1 && s !== size)) {
      const text = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')
      throw mismatch(context, `${text} do not broadcast`)
    }
    return size
  })
}
