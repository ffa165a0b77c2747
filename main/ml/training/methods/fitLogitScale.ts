/** Finds how sharply a model's cosines tell its pairs apart, where the model does not say. */
import { normalizeRows } from '../../clip/normalizeRows.js'
import { logitScale } from '../losses/loss.js'
import { type FeatureTable, pickRows } from '../sources/featureRows.js'

/** Steps of the search; the loss is flat around its minimum. */
const steps = 48

/**
 * theta, within its range, at which symmetric InfoNCE over these pairs is least.
 *
 * @param rows picture and text of pair i are rows `images[i]` and `texts[i]`; texts all different
 */
export async function fitLogitScale(
  image: FeatureTable,
  text: FeatureTable,
  rows: { readonly images: Int32Array; readonly texts: Int32Array },
): Promise<number> {
  const count = rows.images.length
  const cosines = cosineMatrix(
    await unitRows(image, rows.images),
    await unitRows(text, rows.texts),
    count,
  )
  let best = { theta: logitScale.min, loss: Number.POSITIVE_INFINITY }
  for (let step = 0; step <= steps; step++) {
    const theta = logitScale.min + ((logitScale.max - logitScale.min) * step) / steps
    const loss = infonceOf(cosines, count, Math.exp(theta))
    if (loss < best.loss) best = { theta, loss }
  }
  return best.theta
}

async function unitRows(table: FeatureTable, rows: Int32Array): Promise<Float32Array> {
  const { features } = await pickRows(table, rows)(0, rows.length)
  return normalizeRows(features!.data as Float32Array, table.rowDims[0]!)
}

/** [count, count]: picture i with text j. */
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

/** The mean over both directions, pair i being row i and column i. */
function infonceOf(cosines: Float64Array, count: number, scale: number): number {
  const rows = new Float64Array(count)
  const columns = new Float64Array(count)
  let own = 0
  for (let i = 0; i < count; i++) {
    own += scale * cosines[i * count + i]!
    for (let j = 0; j < count; j++) {
      // At most exp(100): no maximum needs to be taken out of the sum.
      const value = Math.exp(scale * cosines[i * count + j]!)
      rows[i]! += value
      columns[j]! += value
    }
  }
  let sum = -2 * own
  for (let i = 0; i < count; i++) sum += Math.log(rows[i]!) + Math.log(columns[i]!)
  return sum / (2 * count)
}
