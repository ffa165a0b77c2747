/** The objectives by what is learned from. A new one is one file and one line here. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { createLoss } from '../losses/table.js'
import type { Objective } from './objective.js'
import { pairObjective } from './pairs.js'
import { pairAndViewObjective } from './pairsAndViews.js'
import { viewObjective } from './views.js'

export function createObjective({
  loss,
  learnFrom,
}: Pick<TrainingSpec, 'loss' | 'learnFrom'>): Objective {
  switch (learnFrom.kind) {
    case 'captions':
      return pairObjective(createLoss(loss))
    case 'pictures':
      return viewObjective(createLoss(loss))
    case 'both':
      return pairAndViewObjective(createLoss(loss), createLoss(learnFrom.loss), learnFrom.weight)
  }
}
