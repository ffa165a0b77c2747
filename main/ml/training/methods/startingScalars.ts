/** Where the scalars that a loss learns start from a model. */
import type { LossName } from '../../../../shared/domain/losses.js'
import type { Towers } from '../../clip/builder/buildTowers.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import { fitLogistic } from './fitLogistic.js'
import { fitLogitScale } from './fitLogitScale.js'
import type { PairCosines } from './pairCosines.js'

/**
 * What the model has learned, if it says so. One that was not made here tells only where its own
 * training began (`logit_scale_init_value`, 14 for a CLIP that ended at 100), and one without a bias
 * has no start for the logistic loss: then what fits its embeddings is taken.
 *
 * @param cosines of some of the pairs that are trained on, if they are needed
 */
export async function startingScalars(
  model: ModelDirectory,
  { name }: { readonly name: LossName },
  cosines: () => Promise<PairCosines>,
): Promise<Pick<Towers, 'logitScaleInit' | 'logitBiasInit'>> {
  const { logitScale, logitBias, manifest } = model
  if (name === 'logistic') {
    if (logitBias !== null) return { logitScaleInit: logitScale, logitBiasInit: logitBias }
    const fitted = fitLogistic(await cosines())
    return { logitScaleInit: fitted.logitScale, logitBiasInit: fitted.logitBias }
  }
  if (manifest !== null && manifest.method !== null) return { logitScaleInit: logitScale }
  return { logitScaleInit: Math.max(logitScale, fitLogitScale(await cosines())) }
}
