/** Compares the gradients that autodiff builds for one node with finite differences. */
import { expect } from 'vitest'
import { buildGradient } from '../../main/ml/autodiff/buildGradient.js'
import type { Domain, Graph, TensorData } from '../../main/ml/onnx/graph.js'
import { type AttributeInput, GraphBuilder } from '../../main/ml/onnx/graphBuilder.js'
import { inferShapes } from '../../main/ml/onnx/inferShapes.js'
import { writeModel } from '../../main/ml/onnx/writeModel.js'
import { openSession } from '../../main/ml/runtime/openSession.js'
import type { Session, Tensors } from '../../main/ml/runtime/session.js'
import { uniform } from './random.js'

/** One node with the values to differentiate it at. */
export interface NodeCase {
  readonly opType: string
  readonly domain?: Domain
  /** Integers, booleans and what `fixed` lists are constants; an absent input is left out. */
  readonly inputs: readonly (TensorData | null)[]
  readonly attributes?: Readonly<Record<string, AttributeInput>>
  /** Positions of float inputs that have no gradient. */
  readonly fixed?: readonly number[]
  readonly outputCount?: number
  /** Positions of the outputs to differentiate; the first alone unless told. */
  readonly differentiate?: readonly number[]
  /** The op in float64 for one element, where it works element by element on one input. */
  readonly reference?: (x: number) => number
}

/** A graph with the values to differentiate it at. */
export interface GraphCase {
  readonly graph: Graph
  /** Values of the inputs and of the initializers in `wrt`. */
  readonly feeds: Tensors
  readonly wrt: readonly string[]
  readonly outputs: readonly string[]
  readonly seed?: number
  readonly reference?: (x: number) => number
  /** Allowed error as a fraction of the largest difference quotient, or of 1 if that is more. */
  readonly tolerance?: number
}

/** Entries of each input that are compared one by one; larger inputs are sampled. */
const comparedEntries = 12

/** Fails unless every differentiable input of the node has the gradient of a random projection. */
export async function checkNodeGradient(nodeCase: NodeCase): Promise<void> {
  const { opType, domain = '', inputs, attributes = {}, fixed = [], outputCount = 1 } = nodeCase
  const builder = new GraphBuilder(opType)
  const feeds: Tensors = {}
  const names = inputs.map((tensor, index) => {
    if (tensor === null) return ''
    if (tensor.type !== 'float32' || fixed.includes(index))
      return builder.initializer(`x${index}`, tensor)
    feeds[`x${index}`] = tensor
    return builder.input(`x${index}`, tensor.type, tensor.dims)
  })
  const values = builder.multi(opType, names, outputCount, attributes, domain)
  const outputs = (nodeCase.differentiate ?? [0]).map((index) => values[index]!)
  const graph = withOutputs(builder.build(), outputs)
  const reference = nodeCase.reference ? { reference: nodeCase.reference } : {}
  await checkGraphGradient({ graph, feeds, wrt: Object.keys(feeds), outputs, ...reference })
}

/** The graph with `outputs` declared, at the shapes that inference gives them. */
export function withOutputs(graph: Graph, outputs: readonly string[]): Graph {
  const shapes = inferShapes(graph)
  return { ...graph, outputs: outputs.map((name) => ({ ...shapes.get(name)!, name })) }
}

/** Fails unless the gradients of a random projection of the outputs match finite differences. */
export async function checkGraphGradient(graphCase: GraphCase): Promise<void> {
  const { graph, feeds, wrt, outputs, seed = 1 } = graphCase
  const random = uniform(seed)
  const shapes = inferShapes(graph)
  const weights = Object.fromEntries(
    outputs.map((name) => [name, randomTensor(shapes.get(name)!.shape, random)]),
  )
  const cotangents = Object.fromEntries(
    outputs.map((name) => [`cotangent/${name}`, weights[name]!]),
  )
  const session = await openGraph(buildGradient(graph, { wrt, outputs }))
  try {
    const gradients = await session.run({ ...feeds, ...cotangents })
    const project = projection(graphCase, session, { weights, cotangents })
    for (const name of wrt) {
      const gradient = floatsOf(gradients[`gradient/${name}`]!)
      expect(gradients[`gradient/${name}`]!.dims, name).toEqual(feeds[name]!.dims)
      await compareEntries(graphCase, name, gradient, project, random)
    }
  } finally {
    await session.dispose()
  }
}

/** A session over a graph, on one thread. */
export function openGraph(graph: Graph): Promise<Session> {
  return openSession(writeModel(graph), { device: 'cpu', threads: 1 })
}

type Projection = (feeds: Tensors) => Promise<number>

/** The weighted sum of the outputs, in float64; by the reference where there is one. */
function projection(
  { outputs, reference }: GraphCase,
  session: Session,
  fixed: { readonly weights: Tensors; readonly cotangents: Tensors },
): Projection {
  if (reference) {
    const weight = floatsOf(fixed.weights[outputs[0]!]!)
    return async (feeds) =>
      floatsOf(Object.values(feeds)[0]!).reduce((sum, x, i) => sum + weight[i]! * reference(x), 0)
  }
  return async (feeds) => {
    const values = await session.run({ ...feeds, ...fixed.cotangents }, outputs)
    return outputs.reduce((sum, name) => sum + dot(values[name]!, fixed.weights[name]!), 0)
  }
}

async function compareEntries(
  { feeds, reference, tolerance = 2e-3 }: GraphCase,
  name: string,
  gradient: ArrayLike<number>,
  project: Projection,
  random: () => number,
): Promise<void> {
  const step = reference ? 1e-3 : 0.015625
  const base = Float64Array.from(floatsOf(feeds[name]!))
  const slope = async (direction: ArrayLike<number>): Promise<number> => {
    const at = (length: number): Promise<number> => {
      const moved = base.map((x, i) => x + length * direction[i]!)
      return project({ ...feeds, [name]: withValues(feeds[name]!, moved, reference !== undefined) })
    }
    const near = (await at(step)) - (await at(-step))
    const far = (await at(2 * step)) - (await at(-2 * step))
    return (8 * near - far) / (12 * step)
  }
  for (const direction of directions(base.length, random)) {
    const measured = await slope(direction)
    const computed = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0)
    const allowed = tolerance * Math.max(1, Math.abs(measured))
    expect(Math.abs(computed - measured), `${name}: ${computed}, not ${measured}`).toBeLessThan(
      allowed,
    )
  }
}

/** Unit vectors of all or some entries, and one random direction of unit length. */
function directions(size: number, random: () => number): Float64Array[] {
  const entries =
    size <= comparedEntries
      ? Array.from({ length: size }, (_, i) => i)
      : Array.from({ length: comparedEntries }, () => Math.floor(random() * size))
  const units = entries.map((entry) => new Float64Array(size).fill(1, entry, entry + 1))
  const mixed = Float64Array.from({ length: size }, () => (2 * random() - 1) / Math.sqrt(size))
  return [...units, mixed]
}

function withValues(like: TensorData, values: Float64Array, exact: boolean): TensorData {
  if (exact) return { type: 'float64', dims: like.dims, data: values }
  return { type: 'float32', dims: like.dims, data: Float32Array.from(values) }
}

function randomTensor(dims: readonly number[], random: () => number): TensorData {
  const size = dims.reduce((product, dim) => product * dim, 1)
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: size }, () => 2 * random() - 1),
  }
}

function dot(a: TensorData, b: TensorData): number {
  const right = floatsOf(b)
  return floatsOf(a).reduce((sum, x, i) => sum + x * right[i]!, 0)
}

/** The values of a float tensor as plain numbers. */
export function floatsOf(tensor: TensorData): number[] {
  if (tensor.type !== 'float32' && tensor.type !== 'float64')
    throw new Error(`a ${tensor.type} tensor`)
  return Array.from(tensor.data)
}
