/** Refuses what cannot be differentiated before anything is built. */
import { AppError } from '../../../shared/errors.js'
import type { Graph, GraphNode } from '../onnx/graph.js'
import type { GradientFlow } from './activeNodes.js'
import type { ValueShape } from './emitter.js'
import { ruleOf, takesAllCotangents } from './rules/table.js'

/** The lowest opset whose reductions take their axes as inputs, as the emitted nodes do. */
const lowestOpset = 18

/** Checks that the names exist and are float32, and that the opset is recent enough. */
export function checkDifferentiable(
  graph: Graph,
  names: { readonly wrt: readonly string[]; readonly outputs: readonly string[] },
  shapes: ReadonlyMap<string, ValueShape>,
): void {
  if (graph.opset < lowestOpset) refuse('graph', `opset ${graph.opset} is below ${lowestOpset}`)
  const sources = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)])
  for (const argument of ['wrt', 'outputs'] as const) {
    for (const name of names[argument]) {
      const type = shapes.get(name)?.type
      if (type === undefined || (argument === 'wrt' && !sources.has(name)))
        refuse(argument, `the graph has no ${name}`)
      if (type !== 'float32') refuse(argument, `${name} is ${type}, not float32`)
    }
  }
}

/** Checks that every node that gradients flow through has a rule for what they flow out of. */
export function checkRules(graph: Graph, flow: GradientFlow): void {
  for (const node of flow.nodes) {
    if (ruleOf(node) === undefined) missing(node.opType, graph.opset)
    const further = node.outputs.slice(1).some((value) => flow.values.has(value))
    if (further && !takesAllCotangents(node)) missing(furtherOutput(node), graph.opset)
  }
}

function furtherOutput({ opType }: GraphNode): string {
  return `${opType} (outputs after the first)`
}

function missing(opType: string, opset: number): never {
  throw new AppError('GRADIENT_RULE_MISSING', { opType, opset })
}

function refuse(argument: string, problem: string): never {
  throw new AppError('INVALID_ARGUMENT', { argument, problem })
}
