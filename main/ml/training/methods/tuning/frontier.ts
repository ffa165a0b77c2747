/** Where the part of an encoder begins that training changes: what comes before is computed once. */
import type { Tower } from '../../../clip/builder/towerBuilder.js'
import type { Graph, ValueInfo } from '../../../onnx/graph.js'
import { inferShapes } from '../../../onnx/inferShapes.js'
import { type SplitGraph, splitGraph } from '../../../onnx/splitGraph.js'
import type { Shapes } from '../../step/stepGraphs.js'

/** A tower cut in two. */
export interface Frontier<T extends Tower = Tower> {
  /** Makes `value` of the encoder's inputs. */
  readonly before: Graph
  readonly value: string
  /** What is trained, with `value` as an input. */
  readonly after: T
  /** Shape of one input's part of `value`, by its number of tokens; any number for pictures. */
  readonly rowDims: (tokens: number) => readonly number[]
  /**
   * Whether a row is one part for each token, so that a row of fewer tokens can be filled up; or the
   * same for any number of tokens; or neither.
   */
  readonly growth: 'by token' | 'none' | 'other'
}

export interface FrontierOptions {
  /** The encoder's input shapes for so many pictures or texts. */
  readonly shapes: (batch: number, tokens: number) => Shapes
  /** Inputs that may be fed to both halves. */
  readonly shared: readonly string[]
  /** The most tokens of a text. */
  readonly contextLength: number
}

/**
 * Null where nothing is gained, or where the value at the cut does not hold one input's numbers after
 * the other's.
 */
export function findFrontier<T extends Tower>(
  tower: T,
  { shapes, shared, contextLength }: FrontierOptions,
): Frontier<T> | null {
  const { graph, trainable, output } = tower
  const split =
    trainable.length === 0
      ? cutAtOutput(tower)
      : splitGraph(graph, { variable: trainable, output, shared })
  if (split === null) return null
  const shapeFor = (batch: number, tokens: number) =>
    inferShapes(split.before, shapes(batch, tokens)).get(split.value)!
  const layout = readLayout((batch, tokens) => shapeFor(batch, tokens).shape, contextLength)
  if (layout === null || shapeFor(1, contextLength).type !== 'float32') return null
  const { rank } = layout
  const shape = Array.from({ length: rank }, (_, axis) => `frontier_${axis}`)
  const info: ValueInfo = { name: split.value, type: 'float32', shape }
  return {
    before: { ...split.before, outputs: [info] },
    value: split.value,
    after: { ...tower, ...afterCut(tower, split, info) },
    rowDims: layout.rowDims,
    growth: layout.growth,
  }
}

/** A frozen tower ends at the cut. */
function cutAtOutput({ graph, output }: Tower): SplitGraph {
  return { before: graph, value: output, after: [] }
}

function afterCut(
  { graph, output }: Tower,
  { value, after }: SplitGraph,
  info: ValueInfo,
): Pick<Tower, 'graph' | 'output'> {
  const outputs = graph.outputs.filter(({ name }) => name === output)
  if (value === output) return passOn(graph, outputs[0]!)
  const needed = new Set(after.flatMap(({ inputs }) => inputs))
  const inputs = graph.inputs.filter(({ name }) => needed.has(name))
  const initializers = new Map([...graph.initializers].filter(([name]) => needed.has(name)))
  return {
    graph: { ...graph, inputs: [...inputs, info], outputs, initializers, nodes: after },
    output,
  }
}

/** A tower whose input is its output. */
function passOn(graph: Graph, info: ValueInfo): Pick<Tower, 'graph' | 'output'> {
  const output = `${info.name}/passed`
  const node = {
    name: output,
    opType: 'Identity',
    domain: '' as const,
    inputs: [info.name],
    outputs: [output],
    attributes: {},
  }
  return {
    graph: {
      ...graph,
      inputs: [info],
      outputs: [{ ...info, name: output }],
      initializers: new Map(),
      nodes: [node],
    },
    output,
  }
}

interface Layout extends Pick<Frontier, 'rowDims' | 'growth'> {
  readonly rank: number
}

type ShapeFor = (batch: number, tokens: number) => readonly number[]

/** Null unless the first axis grows with the batch, and it alone. */
function readLayout(shapeFor: ShapeFor, contextLength: number): Layout | null {
  const one = (tokens: number) => shapeFor(1, tokens)
  const three = shapeFor(3, contextLength)
  const dims = one(contextLength)
  const grown = dims.map((size, axis) => (axis === 0 ? 3 * size : size))
  if (dims.length === 0 || grown.some((size, axis) => size !== three[axis])) return null
  return { rank: dims.length, rowDims: one, growth: growthOf(one, contextLength) }
}

/** A row's first axis that is not of size one is the one that may be the tokens'. */
function growthOf(one: (tokens: number) => readonly number[], tokens: number): Frontier['growth'] {
  const fewer = Math.max(1, Math.floor(tokens / 2))
  const [long, short] = [one(tokens), one(fewer)]
  const growing = long.flatMap((size, axis) => (size === short[axis] ? [] : [axis]))
  const [axis] = growing
  if (axis === undefined) return 'none'
  const leads = growing.length === 1 && long.slice(0, axis).every((size) => size === 1)
  return leads && long[axis] === tokens && short[axis] === fewer ? 'by token' : 'other'
}
