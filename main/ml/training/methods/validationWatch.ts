/** Watches a run on its validation pairs: keeps the best weights, and ends what got no better. */
import { z } from 'zod'
import type { RetrievalReport, TrainingSpec } from '../../../../shared/domain/training.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import { mostMeasurements, type Watch } from '../watch.js'
import type { SplitPairs } from '../workFolder.js'
import type { Weights } from './adaptedEmbedder.js'
import { type BestWeights, openBestWeights } from './bestWeights.js'
import type { MethodContext } from './method.js'

/** With fewer there is nothing to choose from. */
const fewestMeasurements = 5

export interface ValidationWatch extends Watch {
  /** The weights that did best; null before the first measurement. */
  best(): Promise<Weights | null>
}

/** What a checkpoint keeps: measurements in a row without a better one, and the step of the last. */
const stateSchema = z.object({ inVain: z.number().int(), measuredAt: z.number().int() })

/**
 * Null without validation pairs.
 *
 * @param embedder the model as the step has it, on the validation pairs alone
 */
export async function createValidationWatch(
  { pairs, run, workFolder, signal }: MethodContext,
  embedder: (step: ContrastiveStep) => PairEmbedder,
): Promise<ValidationWatch | null> {
  if (pairs.validation.length === 0) return null
  const { patience } = run.spec
  const best = await openBestWeights(workFolder)
  let [inVain, measuredAt] = [0, -1]
  return {
    part: 'validation',
    measurements: measurementsOf(run.spec, pairs),
    best: () => best.read(),
    async measure(step, at) {
      const { report } = await evaluatePairs(pairs.validation, embedder(step), signal)
      if (report === null) return { report, enough: false }
      if (await keepIfBetter(best, step, report)) inVain = 0
      // A run that goes on measures once more what it measured before it was interrupted.
      else if (at > measuredAt) inVain++
      measuredAt = at
      return { report, enough: inVain >= patience }
    },
    get state() {
      return { inVain, measuredAt }
    },
    restore(state) {
      ;({ inVain, measuredAt } = stateSchema.parse(state))
    },
  }
}

/**
 * As many as cost a tenth of the run at most, where a pair that is learned from costs three times what
 * one costs that is measured on; null where the run ends by the clock.
 */
function measurementsOf(
  { epochs, minutes }: Pick<TrainingSpec, 'epochs' | 'minutes'>,
  { train, validation }: SplitPairs,
): number | null {
  if (epochs === null || minutes !== null) return null
  const affordable = (0.1 * 3 * epochs * train.length) / validation.length
  return Math.min(mostMeasurements, Math.max(fewestMeasurements, Math.floor(affordable)))
}

async function keepIfBetter(
  best: BestWeights,
  { emaParameters }: ContrastiveStep,
  report: RetrievalReport,
): Promise<boolean> {
  const score = scoreOf(report)
  if (best.score !== null && score <= best.score) return false
  await best.write(emaParameters, score)
  return true
}

/** Mean reciprocal rank of both directions: steadier than recall where pairs are few. */
function scoreOf({ textToImage, imageToText }: RetrievalReport): number {
  return textToImage.mrr + imageToText.mrr
}
