/** Takes the branch of an If that is taken whatever comes in, as the graph here has no control flow. */
import { standardNode } from './canonical/graphEditor.js'
import type { Graph } from './graph.js'
import { type InputShapes, inferValues } from './inferShapes.js'

// [Note: branches that shapes decide]
// torch.onnx writes `x.squeeze(0)` as an If wherever it has lost sight of the size: "is the size 1?
// then Squeeze, else as it is". Shapes alone decide such conditions, and inference knows them. A
// branch is taken only if it is the same in every use of the graph that is named, so that no size of
// a batch is built into it.

/** The graph as far as it is read. */
export type GraphSoFar = Pick<Graph, 'name' | 'opset' | 'inputs' | 'initializers' | 'nodes'>

/** Whether the condition holds, the same in all `uses`; undefined where shapes do not tell. */
export function decideCondition(
  graph: GraphSoFar,
  condition: string,
  uses: readonly InputShapes[],
): boolean | undefined {
  const answers = new Set(uses.map((shapes) => holds(graph, condition, shapes)))
  return answers.size === 1 ? [...answers][0] : undefined
}

function holds(graph: GraphSoFar, condition: string, shapes: InputShapes): boolean | undefined {
  const value = inferValues({ ...graph, outputs: [] }, shapes).get(condition)?.tensor
  return value && Boolean(value.data[0])
}

/** What stands in the place of an If. */
export type Inlined = Pick<Graph, 'nodes' | 'initializers'>

/**
 * What a branch computes under the names of the If's outputs. It may use values of the graph around
 * it; its own are renamed, as other branches may have the same names.
 *
 * @param results what of the branch become `outputs`, in the same order
 */
export function inlineBranch(
  outputs: readonly string[],
  { nodes, initializers }: Inlined,
  results: readonly string[],
): Inlined {
  const own = new Set([...initializers.keys(), ...nodes.flatMap((node) => node.outputs)])
  const inside = (name: string) => (own.has(name) ? `${outputs[0]}/${name}` : name)
  const renamed = nodes.map((node) => ({
    ...node,
    name: `${outputs[0]}/${node.name}`,
    inputs: node.inputs.map(inside),
    outputs: node.outputs.map(inside),
  }))
  const handedOn = outputs.map((output, i) =>
    standardNode('Identity', [inside(results[i]!)], output),
  )
  return {
    nodes: [...renamed, ...handedOn],
    initializers: new Map([...initializers].map(([name, tensor]) => [inside(name), tensor])),
  }
}
