/** Reads a node's attributes with ONNX's defaults. */
import type { GraphNode, TensorData } from './graph.js'

/** The integer attribute `name`, or `fallback` where it is left out. */
export function intAttribute(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes[name]
  return attribute?.kind === 'int' ? attribute.value : fallback
}

export function floatAttribute(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes[name]
  return attribute?.kind === 'float' ? attribute.value : fallback
}

export function stringAttribute(node: GraphNode, name: string, fallback: string): string {
  const attribute = node.attributes[name]
  return attribute?.kind === 'string' ? attribute.value : fallback
}

/** The integer list `name`, or undefined where it is left out. */
export function intsAttribute(node: GraphNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name]
  return attribute?.kind === 'ints' ? attribute.value : undefined
}

export function tensorAttribute(node: GraphNode, name: string): TensorData | undefined {
  const attribute = node.attributes[name]
  return attribute?.kind === 'tensor' ? attribute.value : undefined
}
