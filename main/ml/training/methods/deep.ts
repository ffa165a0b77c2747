/** LoRA on the attentions of an existing model, merged into a copy of it. */
import { deepTower } from './tuning/deepTower.js'
import { createTuning } from './tuning/tune.js'

export const deep = createTuning((graph, { lowRank, seed, layerDecay }, path) =>
  deepTower(graph, { ...lowRank, seed, layerDecay }, path),
)
