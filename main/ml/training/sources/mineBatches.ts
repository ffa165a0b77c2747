/** Mines hard negatives among all items of a data set, by their pictures. */
import type { BatchMining, EmbedImages } from '../batchSource.js'
import type { Miner } from '../sampling/miner.js'
import { findNeighbours } from '../sampling/neighbours.js'
import type { CaptionTable } from './captionTable.js'
import type { ImageInputs } from './towerInputs.js'

/** Pictures that are rendered and embedded at a time. */
const itemsAtOnce = 64

/** Neighbours are not of the same meaning: they share neither a caption nor the label. */
export function mineBatches(
  miner: Miner,
  { captions, images }: { readonly captions: CaptionTable; readonly images: ImageInputs },
): BatchMining {
  const meansSame = sameMeaning(captions)
  return {
    beforeStep: (step, embed, signal) =>
      miner.beforeStep(step, async () => {
        const rows = await embedAll(captions.ofItem.length, images, embed, signal)
        return rows && findNeighbours(rows, meansSame, signal)
      }),
    get state() {
      return miner.state
    },
    restore: (state) => miner.restore(state),
  }
}

/** Every item's picture as it is seen in the first epoch; null when aborted. */
async function embedAll(
  count: number,
  images: ImageInputs,
  embed: EmbedImages,
  signal: AbortSignal,
) {
  let dim = 0
  let data = new Float32Array()
  for (let start = 0; start < count; start += itemsAtOnce) {
    if (signal.aborted) return null
    const length = Math.min(itemsAtOnce, count - start)
    const items = Int32Array.from({ length }, (_, i) => start + i)
    const rows = await embed(await (await images(items, 0))(0, length))
    dim = rows.dims[1]!
    if (data.length === 0) data = new Float32Array(count * dim)
    data.set(rows.data as Float32Array, start * dim)
  }
  return { dim, data }
}

function sameMeaning({ ofItem, meaning, labels }: CaptionTable) {
  const meanings = ofItem.map((rows) => new Set(rows.map((row) => meaning[row]!)))
  return (a: number, b: number): boolean => {
    if (labels[a]! >= 0 && labels[a] === labels[b]) return true
    for (const one of meanings[a]!) if (meanings[b]!.has(one)) return true
    return false
  }
}
