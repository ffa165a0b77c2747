/** Computes a node beforehand where all its inputs are constant and the result is small. */
import type { TensorData } from '../graph.js'
import { shapeSlice } from '../shapes/indexing.js'
import { elementCount, inputOf, type NodeContext, type StaticValue } from '../shapes/shapeRule.js'
import { arithmeticRules } from './arithmetic.js'
import { type ConstantRule, movementRules } from './movement.js'

/** Attention masks of a few hundred tokens still count as small; weights do not. */
const largestIntegers = 65_536
const largestFloats = 8_192

/** Operators whose output depends on nothing but the input's shape. */
const shapeRules: Readonly<Record<string, (context: NodeContext) => TensorData>> = {
  Shape: (c) => int64([shapeSlice(c).length], shapeSlice(c)),
  Size: (c) => int64([], [elementCount(inputOf(c, 0).shape)]),
}

const constantRules: Readonly<Record<string, ConstantRule>> = {
  ...movementRules,
  ...arithmeticRules,
}

/** The outputs' tensors, or undefined where they are not constant, too large or not known how to compute. */
export function evaluateNode(
  context: NodeContext,
  outputs: readonly StaticValue[],
): TensorData[] | undefined {
  const { node, inputs } = context
  if (node.domain !== '') return undefined
  if (Object.hasOwn(shapeRules, node.opType)) return [shapeRules[node.opType]!(context)]
  if (!Object.hasOwn(constantRules, node.opType)) return undefined
  if (inputs.some((input) => input && !input.tensor) || !outputs.every(isSmall)) return undefined
  const computes = Object.hasOwn(arithmeticRules, node.opType)
  if (computes && inputs.some((input) => input && !isSmall(input))) return undefined
  return constantRules[node.opType]!(context, outputs)
}

function isSmall({ type, shape }: StaticValue): boolean {
  const isFloat = type.startsWith('float')
  return elementCount(shape) <= (isFloat ? largestFloats : largestIntegers)
}

function int64(dims: readonly number[], values: readonly number[]): TensorData {
  return { type: 'int64', dims, data: BigInt64Array.from(values.map(BigInt)) }
}
