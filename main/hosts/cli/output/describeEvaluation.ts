/** What an evaluation found, as tables for people. */
import type {
  ComparisonRow,
  Evaluation,
  ModelComparison,
  ModelMeasurement,
} from '../../../../shared/domain/evaluation.js'
import { describeLabels } from './describeLabels.js'
import { describeRetrieval } from './describeRetrieval.js'
import { formatCount, formatTable, printable } from './format.js'
import { learnedNotes } from './learnedNotes.js'

/** Names of figures, as the field writes them. */
export const metricNames = {
  recallAt1: 'R@1',
  recallAt5: 'R@5',
  recallAt10: 'R@10',
  mrr: 'MRR',
  meanAveragePrecision: 'mAP',
  accuracy: 'accuracy',
} as const satisfies Record<ComparisonRow['metric'], string>

export const measureNames = {
  textToImage: 'text → picture',
  imageToText: 'picture → text',
  zeroShot: 'labels by words',
  linearProbe: 'labels by linear probe',
} as const satisfies Record<ComparisonRow['measure'], string>

export function describeEvaluation(evaluation: Evaluation): string {
  const { against, model } = evaluation
  const notes = learnedNotes(evaluation).map(printable)
  if (against === null) return [describeMeasurement(evaluation), ...notes].join('\n\n')
  return [
    `${printable(model.name)}:\n${describeMeasurement(evaluation)}`,
    `${printable(against.model.name)}:\n${describeMeasurement(against)}`,
    describeComparison(evaluation, against),
    ...notes,
  ].join('\n\n')
}

function describeMeasurement({ report, geometry, labels }: ModelMeasurement): string {
  const { alignment, imageUniformity, textUniformity, modalityGap } = geometry
  const uniformities = [imageUniformity, textUniformity].map((one) => one?.toFixed(2) ?? 'none')
  return [
    describeRetrieval(report),
    `Alignment ${alignment.toFixed(3)}, uniformity ${uniformities[0]} (pictures) and ${uniformities[1]} (texts), modality gap ${modalityGap.toFixed(3)}`,
    ...(labels === null ? [] : [describeLabels(labels)]),
  ].join('\n\n')
}

function describeComparison({ model, groups }: Evaluation, against: ModelComparison): string {
  const rows = against.rows.map((row) => [
    measureNames[row.measure],
    metricNames[row.metric],
    sayVerdict(row),
    formatPoints(row.interval[0]),
    formatPoints(row.interval[1]),
    formatP(row.p),
  ])
  const header = ['', '', 'verdict', '95 % from', 'to', 'p']
  return `${printable(model.name)} against ${printable(against.model.name)}, in points of 100, over ${formatCount(groups, 'group')} of linked pictures:\n${formatTable(header, rows)}`
}

/** "better by 3.2 points", "worse by …", or that they are not told apart. */
export function sayVerdict({ verdict, difference }: ComparisonRow): string {
  if (verdict === 'not distinguishable') return verdict
  return `${verdict} by ${Math.abs(100 * difference).toFixed(1)} points`
}

/** A difference of rates in points of 100, with its sign. */
export function formatPoints(difference: number): string {
  const points = (100 * difference).toFixed(1)
  return difference > 0 ? `+${points}` : points.replace('-', '−')
}

export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
