/** Constant tensors through operators that compute, where JavaScript gives onnxruntime's very result. */
import { intAttribute, tensorAttribute } from '../attributes.js'
import { allocateElements } from '../elementTypes.js'
import type { ElementType, TensorData } from '../graph.js'
import { elementCount, inputOf, type NodeContext, type StaticValue } from '../shapes/shapeRule.js'
import { broadcastIndices, type ConstantRule } from './movement.js'

/** One element of the output, or undefined where the result is not exact or not defined. */
type Scalar = (a: number, b: number, isInteger: boolean) => number | undefined

const binaryOps: Readonly<Record<string, Scalar>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, isInteger) => (isInteger ? (b === 0 ? undefined : Math.trunc(a / b)) : a / b),
  Pow: (a, b, isInteger) => (isInteger && b >= 0 ? a ** b : undefined),
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
  Xor: (a, b) => Number((a !== 0) !== (b !== 0)),
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
  LessOrEqual: (a, b) => Number(a <= b),
  GreaterOrEqual: (a, b) => Number(a >= b),
}

const unaryOps: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Abs: Math.abs,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Not: (a) => Number(a === 0),
}

export const arithmeticRules: Readonly<Record<string, ConstantRule>> = {
  ...mapValues(binaryOps, binaryRule),
  ...mapValues(unaryOps, unaryRule),
  Mod: (c, outputs) => binaryRule(intAttribute(c.node, 'fmod', 0) ? remainder : modulo)(c, outputs),
  Cast: castRule,
  Where: whereRule,
  ConstantOfShape: constantOfShape,
  Range: rangeRule,
  Trilu: triluRule,
  ReduceProd: reduceAllRule((a, b) => a * b),
  ReduceSum: reduceAllRule((a, b) => a + b),
}

/** The sign of the divisor, as Python and ONNX want it for integers. */
function modulo(a: number, b: number): number | undefined {
  return b === 0 ? undefined : a - b * Math.floor(a / b)
}

function remainder(a: number, b: number): number | undefined {
  return b === 0 ? undefined : a % b
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

const floats: readonly ElementType[] = ['float32', 'float64']

/** The elements as numbers, or undefined where a number cannot hold them. */
function exactNumbers(tensor: TensorData): number[] | undefined {
  if (tensor.type === 'float16') return undefined
  const numbers = Array.from(tensor.data, Number)
  return tensor.type === 'int64' && !numbers.every(Number.isSafeInteger) ? undefined : numbers
}

function inputNumbers(context: NodeContext, index: number): number[] | undefined {
  return exactNumbers(inputOf(context, index).tensor!)
}

/** A tensor of these elements; undefined where one is not defined or beyond the type's range. */
function makeTensor(
  { type, shape }: StaticValue,
  numbers: readonly (number | undefined)[] | undefined,
): TensorData[] | undefined {
  if (type === 'float16' || numbers === undefined || numbers.includes(undefined)) return undefined
  const values = numbers as readonly number[]
  const isFloat = floats.includes(type)
  if (!isFloat && !values.every(Number.isSafeInteger)) return undefined
  const data = allocateElements(type, values.length)
  if (data instanceof BigInt64Array) data.set(values.map(BigInt))
  else data.set(values)
  return [{ type, dims: shape, data } as TensorData]
}

function broadcastNumbers(
  context: NodeContext,
  index: number,
  target: readonly number[],
): number[] | undefined {
  const numbers = inputNumbers(context, index)
  const indices = broadcastIndices(inputOf(context, index).shape, target)
  return numbers && indices.map((from) => numbers[from]!)
}

function binaryRule(scalar: Scalar): ConstantRule {
  return (context, [output]) => {
    if (context.inputs.length !== 2) return undefined
    const isInteger = !floats.includes(inputOf(context, 0).type)
    const a = broadcastNumbers(context, 0, output!.shape)
    const b = broadcastNumbers(context, 1, output!.shape)
    return makeTensor(output!, a && b && a.map((value, i) => scalar(value, b[i]!, isInteger)))
  }
}

function unaryRule(scalar: (a: number) => number): ConstantRule {
  return (context, [output]) => makeTensor(output!, inputNumbers(context, 0)?.map(scalar))
}

function castRule(
  context: NodeContext,
  [output]: readonly StaticValue[],
): TensorData[] | undefined {
  const numbers = inputNumbers(context, 0)
  const { type } = output!
  if (type === 'bool')
    return makeTensor(
      output!,
      numbers?.map((value) => Number(value !== 0)),
    )
  if (floats.includes(type)) return makeTensor(output!, numbers)
  // What lies beyond 32 bits is converted in the processor's own way: left to onnxruntime.
  return makeTensor(
    output!,
    numbers?.map((value) => {
      const whole = Math.trunc(value)
      return type === 'int64' || whole === (whole | 0) ? whole : undefined
    }),
  )
}

function whereRule(context: NodeContext, [output]: readonly StaticValue[]) {
  const [condition, a, b] = [0, 1, 2].map((i) => broadcastNumbers(context, i, output!.shape))
  if (!condition || !a || !b) return undefined
  return makeTensor(
    output!,
    condition.map((flag, i) => (flag ? a[i] : b[i])),
  )
}

function constantOfShape({ node }: NodeContext, [output]: readonly StaticValue[]) {
  const { type, shape } = output!
  const data = allocateElements(type, elementCount(shape))
  const value = tensorAttribute(node, 'value')?.data[0]
  if (value !== undefined) (data as { fill(value: number | bigint): unknown }).fill(value)
  return [{ type, dims: shape, data } as TensorData]
}

function rangeRule(context: NodeContext, [output]: readonly StaticValue[]) {
  const [start] = inputNumbers(context, 0) ?? []
  const [delta] = inputNumbers(context, 2) ?? []
  if (start === undefined || delta === undefined || floats.includes(output!.type)) return undefined
  return makeTensor(
    output!,
    Array.from({ length: output!.shape[0]! }, (_, i) => start + i * delta),
  )
}

/** Keeps what lies on one side of the k-th diagonal of each matrix. */
function triluRule(context: NodeContext, [output]: readonly StaticValue[]) {
  const { shape } = output!
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!]
  const [k = 0] = (context.inputs[1] && inputNumbers(context, 1)) ?? []
  const upper = intAttribute(context.node, 'upper', 1)
  const keeps = (index: number) => {
    const distance = (index % columns) - (Math.floor(index / columns) % rows)
    return upper ? distance >= k : distance <= k
  }
  return makeTensor(
    output!,
    inputNumbers(context, 0)?.map((value, index) => (keeps(index) ? value : 0)),
  )
}

/** A reduction of a whole integer tensor, as in "how many elements are there". */
function reduceAllRule(join: (a: number, b: number) => number): ConstantRule {
  return (context, [output]) => {
    const { type } = output!
    if (elementCount(output!.shape) !== 1 || floats.includes(type)) return undefined
    const numbers = inputNumbers(context, 0)
    return numbers?.length ? makeTensor(output!, [numbers.reduce(join)]) : undefined
  }
}
