/** The report's parts on retrieval: figures, curves, similarities, geometry. */
import type {
  Evaluation,
  ModelComparison,
  ModelMeasurement,
} from '../../../../shared/domain/evaluation.js'
import type { RetrievalMetrics } from '../../../../shared/domain/training.js'
import { formatPercent } from '../output/format.js'
import type { Axis } from './axes.js'
import { htmlTable, paragraph, section, sideBySide } from './html.js'
import { type Bars, histogram, type Line, lineChart } from './plots.js'

const directions = {
  textToImage: 'words to pictures',
  imageToText: 'pictures to words',
} as const
const directionNames = ['textToImage', 'imageToText'] as const

/** The model and, if there is one, what it is compared with. */
export function measuredModels(evaluation: Evaluation): ModelMeasurement[] {
  return evaluation.against === null ? [evaluation] : [evaluation, evaluation.against]
}

export function retrievalSection(evaluation: Evaluation): string {
  const rows = measuredModels(evaluation).flatMap(({ model, report }) =>
    directionNames.map((direction) => [
      `${model.name}, ${directions[direction]}`,
      ...figuresOf(report[direction]),
    ]),
  )
  const { queries, gallerySize } = evaluation.report.textToImage
  const back = evaluation.report.imageToText
  return section(
    'Finding pictures by words, and back',
    htmlTable('Figures with their 95 % intervals', figureNames, rows),
    paragraph(
      `${queries} texts were searched among ${gallerySize} pictures, and ${back.queries} pictures among ${back.gallerySize} texts. Ties count against; pictures with the same words are all right answers. Intervals are by the bootstrap over ${evaluation.groups} groups of linked pictures.`,
    ),
    sideBySide(...directionNames.map((direction) => curvesOf(evaluation, direction))),
  )
}

const figureNames = [
  '',
  'R@1',
  'R@5',
  'R@10',
  'chance R@10',
  'MRR',
  'mAP',
  'nDCG@10',
  'median rank',
  'mean rank',
]

function figuresOf(metrics: RetrievalMetrics): string[] {
  const { intervals } = metrics
  const percent = (name: 'recallAt1' | 'recallAt5' | 'recallAt10') =>
    `${formatPercent(metrics[name])} (${intervals[name].map((one) => (100 * one).toFixed(1)).join('–')})`
  const plain = (name: 'mrr' | 'meanAveragePrecision' | 'ndcgAt10') => {
    const [value, interval] = [metrics[name], intervals[name]]
    if (value === null || interval === null) return '–'
    return `${value.toFixed(3)} (${interval.map((one) => one.toFixed(3)).join('–')})`
  }
  return [
    percent('recallAt1'),
    percent('recallAt5'),
    percent('recallAt10'),
    formatPercent(metrics.chanceAt10),
    plain('mrr'),
    plain('meanAveragePrecision'),
    plain('ndcgAt10'),
    String(metrics.medianRank),
    metrics.meanRank.toFixed(1),
  ]
}

function curvesOf(evaluation: Evaluation, direction: keyof typeof directions): string {
  const own = evaluation.curves[direction]
  const x: Axis = { label: 'k', from: 0, to: own.length, format: String }
  const y: Axis = {
    label: 'recall',
    from: 0,
    to: 1,
    format: (value) => `${Math.round(100 * value)} %`,
  }
  const lines = measuredModels(evaluation).map(
    ({ model, curves }, i): Line => ({
      name: model.name,
      look: i === 0 ? 'model' : 'against',
      points: curves[direction].map(({ k, recall }) => [k, recall]),
    }),
  )
  const chance: Line = {
    name: 'chance',
    look: 'chance',
    points: own.map(({ k, chance }) => [k, chance]),
  }
  return lineChart(`Recall at k, ${directions[direction]}`, x, y, [...lines, chance])
}

export function similaritySection(evaluation: Evaluation): string {
  const models = measuredModels(evaluation)
  return section(
    'Similarities',
    paragraph(
      'Cosines of pictures and texts that belong together, and of others drawn at random. The less the two overlap, the better the model tells them apart.',
    ),
    sideBySide(...models.map(similarityPlot)),
    geometryTable(models),
  )
}

function similarityPlot({ model, similarities }: ModelMeasurement): string {
  const { from, to, matching, others } = similarities
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1
    return counts.map((count) => count / total)
  }
  const series: Bars[] = [
    { name: 'belong together', look: 'model', heights: shares(matching) },
    { name: 'do not', look: 'against', heights: shares(others) },
  ]
  const all = series.map(({ heights }) => heights)
  // Only the part of -1 to 1 in which there is anything.
  const used = matching.flatMap((_, i) => (all.some((heights) => heights[i]! > 0) ? [i] : []))
  const [first, last] = [used[0] ?? 0, used.at(-1) ?? 0]
  const width = (to - from) / matching.length
  const x: Axis = {
    label: 'cosine',
    from: from + first * width,
    to: from + (last + 1) * width,
    format: (value) => value.toFixed(1),
  }
  const most = Math.max(...all.flat())
  const y: Axis = {
    label: 'share',
    from: 0,
    to: most,
    format: (value) => `${Math.round(100 * value)} %`,
  }
  const cut = series.map((one) => ({ ...one, heights: one.heights.slice(first, last + 1) }))
  return histogram(model.name, x, y, cut)
}

function geometryTable(models: readonly ModelMeasurement[]): string {
  const rows = models.map(({ model, geometry }) => [
    model.name,
    geometry.alignment.toFixed(3),
    geometry.imageUniformity?.toFixed(2) ?? '–',
    geometry.textUniformity?.toFixed(2) ?? '–',
    geometry.modalityGap.toFixed(3),
  ])
  return htmlTable(
    'Geometry: alignment and uniformity are better when lower',
    ['', 'alignment', 'uniformity of pictures', 'uniformity of texts', 'modality gap'],
    rows,
  )
}

/** In one sentence, whether the model is better. */
export function overallVerdict({ model }: Evaluation, against: ModelComparison): string {
  const told = against.rows.filter(({ metric }) => metric === 'recallAt10' || metric === 'mrr')
  const better = told.filter(({ verdict }) => verdict === 'better').length
  const worse = told.filter(({ verdict }) => verdict === 'worse').length
  const [own, other] = [model.name, against.model.name]
  if (better > 0 && worse === 0) return `${own} finds more than ${other}.`
  if (worse > 0 && better === 0) return `${own} finds less than ${other}.`
  if (better > 0) return `${own} is better than ${other} in some figures and worse in others.`
  return `${own} and ${other} are not distinguishable on these pictures.`
}
