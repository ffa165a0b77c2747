/** Every weight of an existing model, or of one of its encoders: with the text's alone, LiT. */
import { fullTower } from './tuning/fullTower.js'
import { createTuning } from './tuning/tune.js'

export const full = createTuning((graph, { layerDecay }, path) =>
  fullTower(graph, path, layerDecay),
)
