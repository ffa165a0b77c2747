/** Tests whether one model is better than another, figure by figure, on the same queries. */
import { type ComparisonRow, comparedMetrics } from '../../../../shared/domain/evaluation.js'
import { type Predictions, rightOnes } from '../metrics/labels/classMetrics.js'
import { comparePaired } from '../metrics/significance/comparePaired.js'
import { scoreQueries } from '../metrics/table.js'
import type { MeasuredModel } from './measureModel.js'

export function compareModels(model: MeasuredModel, against: MeasuredModel): ComparisonRow[] {
  const { rankings, clusters } = model.retrieval
  const other = against.retrieval.rankings
  const found = (['textToImage', 'imageToText'] as const).flatMap((measure) =>
    comparedMetrics.map((metric) => ({
      measure,
      metric,
      ...comparePaired(
        scoreQueries(metric, rankings[measure].ranks),
        scoreQueries(metric, other[measure].ranks),
        clusters[measure],
      ),
    })),
  )
  return [
    ...found,
    ...compareAccuracy('zeroShot', model.labels?.zeroShot, against.labels?.zeroShot),
    ...compareAccuracy('linearProbe', model.labels?.probe, against.labels?.probe),
  ]
}

function compareAccuracy(
  measure: ComparisonRow['measure'],
  model: Predictions | null | undefined,
  against: Predictions | null | undefined,
): ComparisonRow[] {
  if (!model || !against) return []
  const compared = comparePaired(rightOnes(model), rightOnes(against), model.clusters)
  return [{ measure, metric: 'accuracy', ...compared }]
}
