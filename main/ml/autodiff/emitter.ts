/** Appends gradient nodes to a graph; nodes that compute the same thing are emitted once. */

import { AppError } from '../../../shared/errors.js'
import type { Domain, ElementType, GraphNode, TensorData } from '../onnx/graph.js'
import { type AttributeInput, toAttributes } from '../onnx/graphBuilder.js'
import { sizeOf } from './dims.js'

type Attributes = Readonly<Record<string, AttributeInput>>

/** Static type and shape of a value. */
export interface ValueShape {
  readonly type: ElementType
  readonly shape: readonly number[]
}

/** What a rule emits with. All members are closures, so that rules may take them apart. */
export interface Emitter {
  /** Emits a node with one output and returns that output's name. */
  readonly op: (
    opType: string,
    inputs: readonly string[],
    attributes?: Attributes,
    domain?: Domain,
  ) => string
  /** A float32 scalar constant. */
  readonly scalar: (value: number) => string
  /** A 1-D int64 constant, or one of `dims`. */
  readonly ints: (values: readonly number[], dims?: readonly number[]) => string
  /** A float32 constant of shape `dims`. */
  readonly floats: (values: readonly number[], dims: readonly number[]) => string
  /** A float32 constant of ones of shape `dims`. */
  readonly ones: (dims: readonly number[]) => string
  /** Zeros of shape `dims`, made when the graph runs. */
  readonly zeros: (dims: readonly number[]) => string
  /** `value` with another shape of the same size. */
  readonly reshape: (value: string, dims: readonly number[]) => string
  /** The static shape of a forward value. */
  readonly shape: (value: string) => readonly number[]
  readonly type: (value: string) => ElementType
  /**
   * The values of an integer input that decides the node's structure (axes, pads, starts).
   *
   * @throws AppError SHAPE_MISMATCH if it is not a constant
   */
  readonly constantInts: (value: string) => readonly number[]
  /** The constant behind a value, undefined where it is computed or fed. */
  readonly constant: (value: string) => TensorData | undefined
}

/** What the emitter knows of the forward graph. */
export interface ForwardFacts {
  readonly shapes: ReadonlyMap<string, ValueShape>
  readonly constant: (value: string) => TensorData | undefined
}

/** Nodes and constants emitted so far. */
export interface Emitted {
  readonly nodes: GraphNode[]
  readonly initializers: Map<string, TensorData>
}

const prefix = 'backward/'

/** An emitter that appends to `emitted`. */
export function createEmitter(forward: ForwardFacts, emitted: Emitted): Emitter {
  const known = new Map<string, string>()

  const op: Emitter['op'] = (opType, inputs, attributes = {}, domain = '') => {
    const key = JSON.stringify([domain, opType, inputs, attributes])
    return remember(known, key, () => {
      const name = `${prefix}${opType}_${emitted.nodes.length}`
      const full = toAttributes(attributes)
      emitted.nodes.push({ name, opType, domain, inputs, outputs: [name], attributes: full })
      return name
    })
  }

  const constant = (key: string, make: () => TensorData): string =>
    remember(known, key, () => {
      const name = `${prefix}constant_${emitted.initializers.size}`
      emitted.initializers.set(name, make())
      return name
    })

  const floats: Emitter['floats'] = (values, dims) =>
    constant(`floats ${dims} ${values}`, () => float32(dims, Float32Array.from(values)))
  const ints: Emitter['ints'] = (values, dims = [values.length]) =>
    constant(`ints ${dims} ${values}`, () => int64(dims, values))
  const ones: Emitter['ones'] = (dims) =>
    constant(`ones ${dims}`, () => float32(dims, new Float32Array(sizeOf(dims)).fill(1)))

  return {
    op,
    floats,
    ints,
    ones,
    scalar: (value) => floats([value], []),
    zeros: (dims) => op('ConstantOfShape', [ints(dims)]),
    reshape: (value, dims) => op('Reshape', [value, ints(dims)]),
    shape: (value) => factOf(forward, value).shape,
    type: (value) => factOf(forward, value).type,
    constant: forward.constant,
    constantInts: (value) => readInts(forward, value),
  }
}

function remember(known: Map<string, string>, key: string, make: () => string): string {
  const name = known.get(key) ?? make()
  known.set(key, name)
  return name
}

function float32(dims: readonly number[], data: Float32Array): TensorData {
  return { type: 'float32', dims, data }
}

function int64(dims: readonly number[], values: readonly number[]): TensorData {
  return { type: 'int64', dims, data: BigInt64Array.from(values.map(BigInt)) }
}

function factOf(forward: ForwardFacts, value: string): ValueShape {
  const fact = forward.shapes.get(value)
  if (fact === undefined) throw new Error(`no shape is known for ${value}`)
  return fact
}

function readInts(forward: ForwardFacts, value: string): readonly number[] {
  const tensor = forward.constant(value)
  if (tensor === undefined) {
    const problem = `${value} is not a constant; simplify the graph first`
    throw new AppError('SHAPE_MISMATCH', { where: 'gradient', problem })
  }
  return Array.from(tensor.data, Number)
}
