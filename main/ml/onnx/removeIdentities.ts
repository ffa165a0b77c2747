/** Removes nodes that hand on their input unchanged, once shapes are fixed. */
import { intAttribute, intsAttribute } from './attributes.js'
import type { Graph, GraphNode } from './graph.js'
import { sliceBounds } from './shapes/layout.js'
import type { KnownValue, NodeContext } from './shapes/shapeRule.js'

/** Whether a node that keeps type and shape keeps every element where it is, too. */
type IdentityTest = (context: NodeContext) => boolean

const always: IdentityTest = () => true

/** Operators that change nothing where the shape stays the same and the test holds. */
const identityTests: Readonly<Record<string, IdentityTest>> = {
  Identity: always,
  Reshape: always,
  Flatten: always,
  Squeeze: always,
  Unsqueeze: always,
  Expand: always,
  Tile: always,
  Cast: always,
  Concat: ({ inputs }) => inputs.length === 1,
  Transpose: ({ node }) => intsAttribute(node, 'perm')?.every((axis, i) => axis === i) ?? false,
  Slice: (context) => sliceBounds(context).every(({ step }) => step > 0),
  Dropout: isInference,
}

/** Dropout drops nothing unless its third input says that this is training. */
function isInference({ node, inputs }: NodeContext): boolean {
  if (intAttribute(node, 'training_mode', 0)) return false
  const mode = inputs[2]
  return !mode || mode.tensor?.data[0] === 0
}

/**
 * The graph in which consumers read what the removed nodes read.
 *
 * @param values what is known of each value
 * @param keep values that must stay under their names; graph outputs do anyway
 */
export function removeIdentities(
  graph: Graph,
  values: ReadonlyMap<string, KnownValue>,
  keep: ReadonlySet<string>,
): Graph {
  const fixed = new Set([...keep, ...graph.outputs.map(({ name }) => name)])
  const sources = new Map<string, string>()
  const nodes: GraphNode[] = []
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => sources.get(name) ?? name)
    const context = { node, opset: graph.opset, inputs: inputs.map((i) => values.get(i) ?? null) }
    const [output = '', ...others] = node.outputs
    const isFree = !fixed.has(output) && others.every((name) => name === '')
    if (isFree && isIdentity(context, values.get(output))) sources.set(output, inputs[0]!)
    else nodes.push({ ...node, inputs })
  }
  return { ...graph, nodes }
}

function isIdentity(context: NodeContext, output: KnownValue | undefined): boolean {
  const { node, inputs } = context
  const [input] = inputs
  if (!input || !output || !Object.hasOwn(identityTests, node.opType)) return false
  const same = input.type === output.type && input.shape.join() === output.shape.join()
  return same && identityTests[node.opType]!(context)
}
