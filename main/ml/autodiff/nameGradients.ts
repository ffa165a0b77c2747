/** Gives the values that hold gradients their names as graph outputs. */
import type { GraphNode } from '../onnx/graph.js'

/** A value and the name it is to have. */
export interface NamedValue {
  readonly value: string
  readonly name: string
}

/**
 * The emitted nodes with each value in `named` under its name.
 *
 * A value computed here is renamed where it is made, which costs nothing; one that is fed, or that
 * has been renamed already, is copied by an Identity.
 */
export function nameGradients(
  nodes: readonly GraphNode[],
  named: readonly NamedValue[],
): readonly GraphNode[] {
  const computed = new Set(nodes.flatMap((node) => node.outputs))
  const renamed = new Map<string, string>()
  const copies: GraphNode[] = []
  for (const { value, name } of named) {
    if (computed.has(value) && !renamed.has(value)) renamed.set(value, name)
    else copies.push(identity(renamed.get(value) ?? value, name))
  }
  const rename = (value: string): string => renamed.get(value) ?? value
  const moved = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }))
  return [...moved, ...copies]
}

function identity(value: string, name: string): GraphNode {
  const rest = { opType: 'Identity', domain: '' as const, attributes: {} }
  return { ...rest, name, inputs: [value], outputs: [name] }
}
