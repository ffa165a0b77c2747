/** The cosines of some pictures with some texts, from their cached embeddings. */
import { normalizeRows } from '../../clip/normalizeRows.js'
import { type FeatureTable, pickRows } from '../sources/featureRows.js'

/** Row i, column j: picture i with text j; pair i is picture i and text i. */
export interface PairCosines {
  readonly count: number
  /** [count, count] */
  readonly values: Float64Array
}

/** @param rows picture and text of pair i are rows `images[i]` and `texts[i]` */
export async function pairCosines(
  image: FeatureTable,
  text: FeatureTable,
  rows: { readonly images: Int32Array; readonly texts: Int32Array },
): Promise<PairCosines> {
  const count = rows.images.length
  const images = await unitRows(image, rows.images)
  const texts = await unitRows(text, rows.texts)
  return { count, values: cosineMatrix(images, texts, count) }
}

async function unitRows(table: FeatureTable, rows: Int32Array): Promise<Float32Array> {
  const { features } = await pickRows(table, rows)(0, rows.length)
  return normalizeRows(features!.data as Float32Array, table.rowDims[0]!)
}

function cosineMatrix(images: Float32Array, texts: Float32Array, count: number): Float64Array {
  const dim = images.length / count
  const cosines = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let sum = 0
      for (let k = 0; k < dim; k++) sum += images[i * dim + k]! * texts[j * dim + k]!
      cosines[i * count + j] = sum
    }
  }
  return cosines
}
