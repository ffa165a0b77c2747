/** Fully static types and shapes of every value in a graph. */
import { AppError } from '../../../shared/errors.js'
import { evaluateNode } from './constants/evaluateNode.js'
import type { Graph, GraphNode, ValueInfo } from './graph.js'
import {
  type KnownValue,
  mismatch,
  type NodeContext,
  type StaticValue,
} from './shapes/shapeRule.js'
import { shapeRules } from './shapes/table.js'

/** Fixed shapes of graph inputs, by name; each also fixes the named dimensions it holds. */
export type InputShapes = Readonly<Record<string, readonly number[]>>

/**
 * The type and shape of every input, initializer and computed value.
 *
 * Small integer tensors are computed along the way, so that shapes made by shape arithmetic resolve.
 *
 * @throws AppError OP_UNSUPPORTED for an operator without a rule
 * @throws AppError SHAPE_MISMATCH where shapes do not fit or cannot be known beforehand
 */
export function inferShapes(
  graph: Graph,
  inputShapes: InputShapes = {},
): ReadonlyMap<string, StaticValue> {
  return inferValues(graph, inputShapes)
}

/**
 * As `inferShapes`, with the elements of what is constant and small, and of all initializers.
 *
 * @param variable initializers that count as unknown all the same, such as weights being trained
 */
export function inferValues(
  graph: Graph,
  inputShapes: InputShapes = {},
  variable: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, KnownValue> {
  const values = new Map<string, KnownValue>()
  for (const [name, shape] of resolveInputs(graph.inputs, inputShapes)) {
    const { type } = graph.inputs.find((input) => input.name === name)!
    values.set(name, { type, shape })
  }
  for (const [name, tensor] of graph.initializers) {
    const { type, dims: shape } = tensor
    values.set(name, variable.has(name) ? { type, shape } : { type, shape, tensor })
  }
  for (const node of graph.nodes) inferNode(values, node, graph.opset)
  return values
}

function inferNode(values: Map<string, KnownValue>, node: GraphNode, opset: number): void {
  const { opType } = node
  const rule = Object.hasOwn(shapeRules, opType) ? shapeRules[opType] : undefined
  if (rule === undefined) {
    throw new AppError('OP_UNSUPPORTED', { opType, opset, where: 'shape inference' })
  }
  const inputs = node.inputs.map((name) => values.get(name) ?? null)
  const context: NodeContext = { node, opset, inputs }
  const outputs = rule(context)
  checkSizes(context, outputs)
  const tensors = evaluateNode(context, outputs)
  node.outputs.forEach((name, index) => {
    const output = outputs[index]
    if (name === '' || output === undefined) return
    const tensor = tensors?.[index]
    values.set(name, tensor ? { ...output, tensor } : output)
  })
}

/** Attributes or inputs that contradict each other show as sizes that are none. */
function checkSizes(context: NodeContext, outputs: readonly StaticValue[]): void {
  for (const { shape } of outputs) {
    if (shape.every((size) => Number.isSafeInteger(size) && size >= 0)) continue
    throw mismatch(context, `its attributes and inputs make the impossible [${shape.join(', ')}]`)
  }
}

/** The inputs' shapes with every named dimension replaced by the size given for it. */
function resolveInputs(
  inputs: readonly ValueInfo[],
  given: InputShapes,
): ReadonlyMap<string, readonly number[]> {
  const sizes = new Map<string, number>()
  for (const input of inputs) {
    const shape = given[input.name]
    if (shape !== undefined) bindNames(sizes, input, shape)
  }
  return new Map(inputs.map((input) => [input.name, given[input.name] ?? resolve(input, sizes)]))
}

function bindNames(sizes: Map<string, number>, input: ValueInfo, shape: readonly number[]): void {
  const fits =
    shape.length === input.shape.length &&
    input.shape.every((dim, axis) => {
      const known = typeof dim === 'number' ? dim : (sizes.get(dim) ?? shape[axis])
      if (typeof dim === 'string') sizes.set(dim, known!)
      return known === shape[axis]
    })
  if (!fits) {
    const problem = `[${shape.join(', ')}] does not fit the declared [${input.shape.join(', ')}]`
    throw new AppError('SHAPE_MISMATCH', { where: `input "${input.name}"`, problem })
  }
}

function resolve(input: ValueInfo, sizes: ReadonlyMap<string, number>): number[] {
  return input.shape.map((dim) => {
    const size = typeof dim === 'number' ? dim : sizes.get(dim)
    if (size !== undefined) return size
    const problem = `no size is given for the dimension "${dim}"`
    throw new AppError('SHAPE_MISMATCH', { where: `input "${input.name}"`, problem })
  })
}
