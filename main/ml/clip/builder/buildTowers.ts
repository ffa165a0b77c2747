/** Builds a pair of encoders from an architecture: the graphs that are trained and then saved. */
import type { Architecture } from '../architecture.js'
import { buildImageTower } from './imageTower.js'
import { buildTextTower } from './textTower.js'
import type { Tower } from './towerBuilder.js'

export interface Towers {
  readonly image: Tower
  readonly text: Tower
  /** Initial theta: logits are cosines times exp(theta). */
  readonly logitScaleInit: number
  /** What the model that is trained on adds to its logits, if it does. */
  readonly logitBiasInit?: number
}

export interface BuildOptions {
  readonly seed: number
  /** Row-major [vocabSize, tokenWidth], such as known word vectors. */
  readonly tokenEmbedding?: Float32Array
}

/** The two towers with initial weights; the same seed gives the same weights. */
export function buildTowers(architecture: Architecture, options: BuildOptions): Towers {
  return {
    image: buildImageTower(architecture, 2 * options.seed),
    text: buildTextTower(architecture, 2 * options.seed + 1, options.tokenEmbedding),
    logitScaleInit: architecture.logitScaleInit,
  }
}
