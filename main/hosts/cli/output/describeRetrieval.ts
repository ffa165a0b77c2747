/** Reports of retrieval as tables for people. */
import type {
  PictureReport,
  RetrievalMetrics,
  RetrievalReport,
} from '../../../../shared/domain/training.js'
import { formatPercent, formatTable } from './format.js'

export function describeRetrieval(report: RetrievalReport): string {
  return formatTable(columns, [
    row('text → picture', report.textToImage),
    row('picture → text', report.imageToText),
  ])
}

/** What was measured of pictures without words. */
export function describePictures({ otherView, labels }: PictureReport): string {
  const table = formatTable(columns, [row('view → other view', otherView)])
  if (labels === null) return table
  const [accuracy, chance] = [formatPercent(labels.accuracy), formatPercent(labels.chance)]
  return `${table}\nThe nearest of ${labels.pictures} labelled pictures has the same label: ${accuracy} (chance ${chance})`
}

const columns = [
  '',
  'R@1',
  'R@5',
  'R@10',
  'chance R@10',
  'MRR',
  'mAP',
  'nDCG@10',
  'median rank',
  'queries',
  'gallery',
]

function row(title: string, metrics: RetrievalMetrics): string[] {
  return [
    title,
    formatPercent(metrics.recallAt1),
    formatPercent(metrics.recallAt5),
    formatPercent(metrics.recallAt10),
    formatPercent(metrics.chanceAt10),
    metrics.mrr.toFixed(3),
    metrics.meanAveragePrecision?.toFixed(3) ?? '',
    metrics.ndcgAt10?.toFixed(3) ?? '',
    String(metrics.medianRank),
    String(metrics.queries),
    String(metrics.gallerySize),
  ]
}
