/** Watches a quick run on its validation pairs: keeps the best weights, and ends what got no better. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import type { Watch } from '../watch.js'
import { adaptedEmbedder, readAdapters, type Weights } from './adaptedEmbedder.js'
import { score } from './finishQuick.js'

/** Measurements in a row without a better one after which a run ends: a third of a whole run's. */
const patience = 8

export interface QuickWatch extends Watch {
  /** The weights that did best; null before the first measurement. */
  best(): Weights | null
}

interface QuickWatchOptions {
  /** The unchanged model, on the validation pairs alone. */
  readonly validation: PairEmbedder
  readonly scales: Parameters<typeof readAdapters>[1]
  readonly signal: AbortSignal
}

/** Null without validation pairs. */
export function createQuickWatch(
  pairs: readonly TrainingPair[],
  { validation, scales, signal }: QuickWatchOptions,
): QuickWatch | null {
  if (pairs.length === 0) return null
  let best: { weights: Weights; score: number } | null = null
  let inVain = 0
  return {
    part: 'validation',
    best: () => best?.weights ?? null,
    async measure({ emaParameters }) {
      const embedder = adaptedEmbedder(validation, readAdapters(emaParameters, scales))(1)
      const { report } = await evaluatePairs(pairs, embedder, signal)
      if (report === null) return { report, enough: false }
      inVain++
      if (best === null || score(report) > best.score) {
        const weights = new Map([...emaParameters].map(([name, values]) => [name, values.slice()]))
        best = { weights, score: score(report) }
        inVain = 0
      }
      return { report, enough: inVain >= patience }
    },
  }
}
