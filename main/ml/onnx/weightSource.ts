/** Finds the stored weight behind a value that only a part of it, or another view of it, was made of. */
import type { Graph, GraphNode } from './graph.js'

/** Operators that hand on the numbers of their first input, or some of them, in another arrangement. */
const arranging: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Transpose',
  'Slice',
  'Split',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
])

/** Whether the node's outputs hold nothing but numbers of its first input. */
export function arranges({ opType }: GraphNode): boolean {
  return arranging.has(opType)
}

type MakerOf = (value: string) => GraphNode | undefined

/** The name of the float32 initializer whose numbers `value` holds; undefined for computed ones. */
export function findWeightSource(
  { initializers }: Pick<Graph, 'initializers'>,
  makerOf: MakerOf,
  value: string | undefined,
): string | undefined {
  let name = value
  while (name !== undefined && !initializers.has(name)) {
    const maker = makerOf(name)
    name = maker && arranges(maker) ? maker.inputs[0] : undefined
  }
  return name !== undefined && initializers.get(name)?.type === 'float32' ? name : undefined
}
