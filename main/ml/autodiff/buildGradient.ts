/** Reverse-mode differentiation: from a forward graph to one that also gives its gradients. */
import { isAppError } from '../../../shared/errors.js'
import type { Graph, GraphNode, TensorData, ValueInfo } from '../onnx/graph.js'
import { inferValues } from '../onnx/inferShapes.js'
import type { KnownValue } from '../onnx/shapes/shapeRule.js'
import { findGradientFlow, type GradientFlow } from './activeNodes.js'
import { checkDifferentiable, checkRules } from './checkDifferentiable.js'
import { createEmitter, type Emitted, type Emitter, type ValueShape } from './emitter.js'
import { nameGradients } from './nameGradients.js'
import { ruleOf, stopsGradient } from './rules/table.js'

export interface GradientOptions {
  /** Float initializers, which become inputs of the result, and float graph inputs. */
  readonly wrt: readonly string[]
  /** Float values to differentiate. */
  readonly outputs: readonly string[]
  /** Sizes for the inputs whose declared shape has names in it. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>>
  /** Whether the outputs' cotangents are fed as `cotangent/<output>` or are ones. */
  readonly cotangents?: 'feed' | 'ones'
}

/** The state of one differentiation. */
interface Differentiation {
  readonly graph: Graph
  readonly options: GradientOptions
  readonly shapes: ReadonlyMap<string, ValueShape>
  readonly flow: GradientFlow
  readonly emitter: Emitter
  readonly emitted: Emitted
  /** Terms of each value's cotangent, to be summed once all are known. */
  readonly terms: Map<string, string[]>
  /** Forward nodes that a rule gave further outputs. */
  readonly rewritten: Map<GraphNode, GraphNode>
}

/**
 * The forward graph with gradients appended.
 *
 * Its inputs are those of `graph`, then the initializers in `wrt`, then the fed cotangents
 * (`cotangent/<output>`, of the output's shape). Its outputs are those of `graph`, then
 * `gradient/<name>` for each name in `wrt`, zeros where nothing reaches it. Parts that lead from no
 * wrt to no output get no gradient nodes. Needs opset 18 or later and float32 on the way back.
 *
 * Reverse accumulation: Griewank & Walther, Evaluating Derivatives (2008), section 3.2.
 *
 * @throws AppError GRADIENT_RULE_MISSING before anything is built, if a node on the way has no rule
 * @throws AppError INVALID_ARGUMENT if a name in `wrt` or `outputs` cannot be differentiated
 */
export function buildGradient(graph: Graph, options: GradientOptions): Graph {
  const shapes = inferForGradient(graph, options)
  checkDifferentiable(graph, options, shapes)
  const flow = flowOf(graph, options, shapes)
  checkRules(graph, flow)
  const emitted: Emitted = { nodes: [], initializers: new Map() }
  const constant = (value: string): TensorData | undefined => shapes.get(value)?.tensor
  const emitter = createEmitter({ shapes, constant }, emitted)
  const terms = new Map<string, string[]>()
  const rewritten = new Map<GraphNode, GraphNode>()
  const state = { graph, options, shapes, flow, emitter, emitted, terms, rewritten }
  const feeds = seedCotangents(state)
  for (const node of [...flow.nodes].reverse()) differentiate(state, node)
  return assemble(state, feeds)
}

/** Shapes of all values; an operator on the way that is unknown even there has no rule either. */
function inferForGradient(graph: Graph, options: GradientOptions): ReadonlyMap<string, KnownValue> {
  try {
    // What is trained is variable, and so is what follows from it, small as it may be.
    return inferValues(graph, options.inputShapes, new Set(options.wrt))
  } catch (error) {
    if (isAppError(error, 'OP_UNSUPPORTED')) {
      checkRules(graph, flowOf(graph, options, new Map()))
    }
    throw error
  }
}

function flowOf(
  { nodes }: Graph,
  { wrt, outputs }: GradientOptions,
  shapes: ReadonlyMap<string, ValueShape>,
): GradientFlow {
  const typeOf = (value: string) => shapes.get(value)?.type
  return findGradientFlow({ nodes, wrt, outputs, typeOf, stops: stopsGradient })
}

/** Puts the cotangents of the outputs in place; returns those that are fed. */
function seedCotangents({ options, shapes, emitter, terms }: Differentiation): ValueInfo[] {
  const feeds: ValueInfo[] = []
  for (const output of new Set(options.outputs)) {
    const { type, shape } = shapes.get(output)!
    const name = `cotangent/${output}`
    const fed = options.cotangents !== 'ones'
    if (fed) feeds.push({ name, type, shape })
    terms.set(output, [fed ? name : emitter.ones(shape)])
  }
  return feeds
}

/** Emits the cotangents of those inputs of `node` that need one. */
function differentiate(state: Differentiation, node: GraphNode): void {
  const { emitter, flow, terms } = state
  const cotangents = node.outputs.map((value) => cotangentOf(state, value))
  const dy = cotangents[0] ?? cotangents.find((value) => value !== undefined)
  if (dy === undefined) return
  const vjps = ruleOf(node)!({
    ...emitter,
    node,
    x: node.inputs,
    y: node.outputs,
    dy,
    cotangents,
    forwardOutput: (index) => forwardOutput(state, node, index),
  })
  node.inputs.forEach((input, index) => {
    const vjp = vjps[index]
    if (!vjp || !flow.values.has(input)) return
    terms.set(input, [...(terms.get(input) ?? []), vjp()])
  })
}

/** The sum of a value's cotangent terms; undefined where there are none. */
function cotangentOf({ emitter, terms }: Differentiation, value: string): string | undefined {
  const parts = terms.get(value)
  if (parts === undefined || parts.length === 1) return parts?.[0]
  const sum = emitter.op(parts.length === 2 ? 'Add' : 'Sum', parts)
  terms.set(value, [sum])
  return sum
}

/** The output at `index` of a forward node, which is given one if it leaves it out. */
function forwardOutput(state: Differentiation, node: GraphNode, index: number): string {
  const current = state.rewritten.get(node) ?? node
  const present = current.outputs[index]
  if (present) return present
  const outputs = [...current.outputs]
  while (outputs.length < index) outputs.push('')
  outputs[index] = `backward/${node.outputs[0]}.${index}`
  state.rewritten.set(node, { ...current, outputs })
  return outputs[index]
}

/** Joins the forward graph, the feeds and the emitted nodes. */
function assemble(state: Differentiation, feeds: readonly ValueInfo[]): Graph {
  const { graph, options, shapes, emitter, emitted, rewritten } = state
  const wrt = [...new Set(options.wrt)].map((name) => ({ ...staticInfo(shapes, name), name }))
  const named = wrt.map(({ name, shape }) => ({
    value: cotangentOf(state, name) ?? emitter.zeros(shape),
    name: `gradient/${name}`,
  }))
  const inputs = graph.inputs.map((input) => ({ ...input, ...staticInfo(shapes, input.name) }))
  const trained = wrt.filter(({ name }) => graph.initializers.has(name))
  const frozen = [...graph.initializers].filter(([name]) => !options.wrt.includes(name))
  const forward = graph.nodes.map((node) => rewritten.get(node) ?? node)
  return {
    ...graph,
    inputs: [...inputs, ...trained, ...feeds],
    outputs: [...graph.outputs, ...wrt.map((info) => ({ ...info, name: `gradient/${info.name}` }))],
    initializers: new Map([...frozen, ...emitted.initializers]),
    nodes: [...forward, ...nameGradients(emitted.nodes, named)],
  }
}

/** The type and static shape of a value, and nothing else that is known of it. */
function staticInfo(shapes: ReadonlyMap<string, ValueShape>, value: string): ValueShape {
  const { type, shape } = shapes.get(value)!
  return { type, shape }
}
