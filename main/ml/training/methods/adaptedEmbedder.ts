/** Embeds as a model would with a share of its trained adapters' change. */
import type { Head } from '../../../../shared/domain/training.js'
import type { Adapter } from '../../clip/builder/adapters/adapter.js'
import { adapterKinds } from '../../clip/builder/adapters/table.js'
import type { PairEmbedder } from '../evaluatePairs.js'
import type { FeatureChunk } from '../features/featureCache.js'

type Side = 'image' | 'text'

/** Weights by `image/<name>`, `text/<name>` and the loss's own names. */
export type Weights = ReadonlyMap<string, Float32Array>

export type Adapters = Readonly<Record<Side, Adapter>>

/** The adapters for embeddings as the model gives them; they were trained on rows divided by `scales`. */
export function readAdapters(
  weights: Weights,
  head: Head,
  scales: Readonly<Record<Side, number>>,
): Adapters {
  const read = (side: Side) =>
    adapterKinds[head].read((name) => weights.get(`${side}/${name}`)!, scales[side])
  return { image: read('image'), text: read('text') }
}

/** The embedder with each side's inputs embedded once, as it is only ever asked for the same ones. */
export function rememberRows(model: PairEmbedder): PairEmbedder {
  return { images: once(model.images), texts: once(model.texts) }
}

/**
 * What a model embeds once a share of its adapters' change is added. The embedder that is given
 * must always be asked for the same inputs.
 */
export function adaptedEmbedder(
  model: PairEmbedder,
  adapters: Adapters,
): (blend: number) => PairEmbedder {
  const images = rememberChange(model.images, adapters.image)
  const texts = rememberChange(model.texts, adapters.text)
  return (blend) => ({
    images: async (paths) => addChange(await images(paths), blend),
    texts: async (words) => addChange(await texts(words), blend),
  })
}

/** Embeddings and what the whole adapter would add to them. */
interface Change {
  readonly rows: FeatureChunk
  readonly added: Float32Array
}

/** Embeds once, as every blend is tried on the same inputs. */
function rememberChange(
  embed: PairEmbedder['images'],
  adapter: Adapter,
): (inputs: readonly string[]) => Promise<Change> {
  return once(async (inputs) => {
    const rows = await embed(inputs)
    return { rows, added: adapter.change(rows.data) }
  })
}

function once<T>(
  compute: (inputs: readonly string[]) => Promise<T>,
): (inputs: readonly string[]) => Promise<T> {
  let known: Promise<T> | undefined
  return (inputs) => {
    known ??= compute(inputs)
    return known
  }
}

function addChange({ rows, added }: Change, blend: number): FeatureChunk {
  return { ...rows, data: rows.data.map((value, i) => value + blend * added[i]!) }
}
