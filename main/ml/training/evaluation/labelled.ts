/** The pictures with labels, as classes. */
import { pickFeatureRows } from '../features/featureCache.js'
import type { EmbeddingMatrix } from '../metrics/ranks.js'
import type { MeasuredSet } from './measuredSet.js'

export interface Labelled {
  /** The classes' names, by rising name. */
  readonly labels: readonly string[]
  /** Rows in the measured set. */
  readonly rows: readonly number[]
  /** Per labelled picture its class. */
  readonly truth: Int32Array
  /** Per labelled picture a number that linked ones share. */
  readonly clusters: Int32Array
}

/** Null where there are not two labels. */
export function findLabelled({ items, clusters }: MeasuredSet): Labelled | null {
  const rows = items.flatMap(({ label }, row) => (label === undefined ? [] : [row]))
  const labels = [...new Set(rows.map((row) => items[row]!.label!))].sort()
  if (labels.length < 2) return null
  const numberOf = new Map(labels.map((label, number) => [label, number]))
  return {
    labels,
    rows,
    truth: Int32Array.from(rows, (row) => numberOf.get(items[row]!.label!)!),
    clusters: Int32Array.from(rows, (row) => clusters.images[row]!),
  }
}

/** Some of the rows, in the order given. */
export function pickRows(embeddings: EmbeddingMatrix, rows: readonly number[]): EmbeddingMatrix {
  const { dim, data } = embeddings
  return { rows: rows.length, dim, data: pickFeatureRows({ dim, data, skipped: [] }, rows) }
}
