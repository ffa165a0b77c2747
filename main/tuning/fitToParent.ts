/** Lets a small model learn more at once, where the user has not said how. */
import type { TrainingSpec } from '../../shared/domain/training.js'
import { sizeOfFolder } from '../platform/folderFiles.js'
import type { TrainingChoices } from './trainingDefaults.js'

/** The starter has a third of it; pairs of CLIP's kind have several times as much. */
const smallBytes = 64 * 1024 ** 2

/**
 * [Note: small models]
 * The recipe of `deep` is made for encoders like CLIP's. In the starter, its few attentions at rank 8
 * hold less than the layer at the end, so nothing was won over `quick`; all linear layers at rank 32,
 * and the rate that narrow layers bear, win something ("npm run bench methods-stranger"), and a step
 * still takes milliseconds.
 */
const rank = 32
const rateFactor = 5

/** @param choices what the user said, which stays */
export async function fitToParent(
  spec: TrainingSpec,
  choices: Pick<TrainingChoices, 'rank' | 'alpha' | 'layers' | 'lr'>,
): Promise<TrainingSpec> {
  if (spec.method !== 'deep' || spec.from === null) return spec
  if ((await sizeOfFolder(spec.from)) >= smallBytes) return spec
  const fitted = choices.rank ?? rank
  return {
    ...spec,
    learningRate: choices.lr ?? spec.learningRate * rateFactor,
    lowRank: {
      ...spec.lowRank,
      rank: fitted,
      alpha: choices.alpha ?? 2 * fitted,
      layers: choices.layers ?? 'all',
    },
  }
}
