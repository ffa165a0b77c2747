/** Chooses how much of what was learned to take: WiSE-FT (Wortsman et al. 2022), section 3. */
import type {
  RetrievalReport,
  TrainingSpec,
  TriedBlend,
} from '../../../../shared/domain/training.js'
import { evaluatePairs, type PairEmbedder } from '../evaluatePairs.js'
import type { ChosenBlend, MethodContext } from './method.js'

/** Shares to try; 0 is the model as it was. Of equals the smaller change wins: it is tried first. */
const shares = [0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1] as const

const nothingBetter =
  'On pictures kept out of training no change was better than the model as it was: it is kept.'

/**
 * The share that finds most of the validation pairs, by the mean of recall at 1, 5 and 10 in both
 * directions and then by reciprocal rank.
 *
 * @param embedderAt the model with a share of its change, on the validation pairs
 * @param fallback taken where there are no pairs to choose by
 */
export async function chooseBlend(
  { pairs, signal, onEvent, run }: Pick<MethodContext, 'pairs' | 'signal' | 'onEvent' | 'run'>,
  embedderAt: (blend: number) => PairEmbedder,
  fallback: number,
): Promise<ChosenBlend> {
  const { blend: wanted }: TrainingSpec = run.spec
  if (wanted !== 'auto') return { blend: wanted, blends: [] }
  const blends: TriedBlend[] = []
  let best: TriedBlend | null = null
  for (const blend of shares) {
    const { report } = await evaluatePairs(pairs.validation, embedderAt(blend), signal)
    if (report === null) return { blend: fallback, blends: [] }
    const row = describeBlend(blend, report)
    blends.push(row)
    if (best === null || isBetter(row, best)) best = row
  }
  if (best!.blend === 0) onEvent({ type: 'notice', message: nothingBetter })
  return { blend: best!.blend, blends }
}

function describeBlend(blend: number, { textToImage, imageToText }: RetrievalReport): TriedBlend {
  const rates = ({
    recallAt1,
    recallAt5,
    recallAt10,
    mrr,
  }: TriedBlend['textToImage']): TriedBlend['textToImage'] => ({
    recallAt1,
    recallAt5,
    recallAt10,
    mrr,
  })
  return { blend, textToImage: rates(textToImage), imageToText: rates(imageToText) }
}

function isBetter(row: TriedBlend, best: TriedBlend): boolean {
  const difference = recallOf(row) - recallOf(best)
  if (Math.abs(difference) > 1e-9) return difference > 0
  return mrrOf(row) > mrrOf(best)
}

function recallOf({ textToImage: a, imageToText: b }: TriedBlend): number {
  return [a, b].reduce((sum, r) => sum + r.recallAt1 + r.recallAt5 + r.recallAt10, 0) / 6
}

function mrrOf({ textToImage, imageToText }: TriedBlend): number {
  return textToImage.mrr + imageToText.mrr
}
