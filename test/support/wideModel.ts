/** A small untrained model with matrices so large that 8 bits make them faster. */
import { architectureSchema } from '../../main/ml/clip/architecture.js'
import { buildTowers } from '../../main/ml/clip/builder/buildTowers.js'
import type { ModelParts } from '../../main/ml/clip/modelDirectory/writeModelDirectory.js'
import { smallModelParts } from './smallModel.js'

const width = 384

/** The parts of a model with 32-pixel pictures. */
export function wideModelParts(seed = 1): ModelParts {
  const { card, ...parts } = smallModelParts(seed)
  const { text, ...architecture } = architectureSchema.parse(card.architecture)
  const block = { width, layers: 2, heads: 4 }
  const towers = buildTowers(
    architectureSchema.parse({
      ...architecture,
      image: { kind: 'vit', imageSize: 32, patchSize: 8, stages: [block] },
      text: { ...text, ...block },
    }),
    { seed },
  )
  return {
    ...parts,
    vision: towers.image.graph,
    text: towers.text.graph,
    card: { ...card, imagePooledDim: width, textPooledDim: width },
  }
}
