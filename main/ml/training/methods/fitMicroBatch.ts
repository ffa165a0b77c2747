/** How many pairs go through both encoders at once, so that training a large pair fits in memory. */
import type { StageArchitecture, VitArchitecture } from '../../clip/architecture.js'

/** What the values kept for the backward pass may take. */
const activationBytes = 2 * 2 ** 30
/**
 * Values kept for each token, layer and unit of width, attention and MLP included: by the memory that
 * the benchmark train-step reports, some 10 for `small`, whose texts are short, and 40 for ViT-B/32.
 */
const valuesPerUnit = 26
const bytesPerValue = 4

/** What decides the memory that a pair takes. */
export interface PairShape {
  readonly image: Pick<VitArchitecture, 'imageSize' | 'patchSize' | 'stages'>
  readonly text: Pick<StageArchitecture, 'layers' | 'width'> & { readonly contextLength: number }
}

/** The largest power of two of pairs that fits, at most `wanted` and at least 1. */
export function fitMicroBatch(shape: PairShape, wanted: number): number {
  const pairBytes = unitsPerPair(shape) * valuesPerUnit * bytesPerValue
  const fitting = Math.max(1, Math.floor(activationBytes / pairBytes))
  return Math.min(wanted, 2 ** Math.floor(Math.log2(fitting)))
}

/** Tokens times width, summed over all layers; each 2x2 merge between stages leaves a quarter. */
function unitsPerPair({ image, text }: PairShape): number {
  const patches = (image.imageSize / image.patchSize) ** 2
  const pictureUnits = image.stages.map(
    ({ layers, width }, stage) => (layers * width * patches) / 4 ** stage,
  )
  return pictureUnits.reduce(
    (sum, units) => sum + units,
    text.layers * text.width * text.contextLength,
  )
}
