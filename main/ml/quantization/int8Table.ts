/** Tables of vectors, such as those of words, in rows of 8 bits with a scale each. */
import type { Graph, TensorData } from '../onnx/graph.js'
import { roundToInt8 } from './roundToInt8.js'

/** What the largest number of a row becomes. */
const largest = 127

/** The initializers that the table of this name becomes: [rows, columns] and [rows, 1]. */
export function int8TableNames(name: string): { readonly rows: string; readonly scales: string } {
  const rows = `${name}/int8/rows`
  return { rows, scales: `${rows}/scale` }
}

/** Both initializers by their names; rows times scales are `data` within half a scale. */
export function roundTable(
  name: string,
  data: Float32Array,
  dims: readonly [number, number],
): Map<string, TensorData> {
  const { rows, scales } = int8TableNames(name)
  const rounded = roundToInt8(data, dims, 0, largest)
  return new Map<string, TensorData>([
    [rows, { type: 'int8', dims, data: rounded.values }],
    [scales, { type: 'float32', dims: [dims[0], 1], data: rounded.scales }],
  ])
}

/** The numbers of such a table, row by row; null where the graph has none of this name. */
export function readInt8Table(
  { initializers }: Graph,
  name: string,
): { readonly data: Float32Array; readonly dims: readonly [number, number] } | null {
  const names = int8TableNames(name)
  const rows = initializers.get(names.rows)
  const scales = initializers.get(names.scales)
  if (rows?.type !== 'int8' || scales?.type !== 'float32') return null
  const [count = 0, columns = 0] = rows.dims
  const data = Float32Array.from(rows.data, (value, at) => {
    return value * scales.data[Math.floor(at / columns)]!
  })
  return { data, dims: [count, columns] }
}
