/** A retrieval report as a table for people. */
import type { RetrievalMetrics, RetrievalReport } from '../../../../shared/domain/training.js'
import { formatPercent, formatTable } from './format.js'

export function describeRetrieval(report: RetrievalReport): string {
  return formatTable(
    ['', 'R@1', 'R@5', 'R@10', 'chance R@10', 'MRR', 'median rank', 'queries', 'gallery'],
    [row('text → picture', report.textToImage), row('picture → text', report.imageToText)],
  )
}

function row(title: string, metrics: RetrievalMetrics): string[] {
  return [
    title,
    formatPercent(metrics.recallAt1),
    formatPercent(metrics.recallAt5),
    formatPercent(metrics.recallAt10),
    formatPercent(metrics.chanceAt10),
    metrics.mrr.toFixed(3),
    String(metrics.medianRank),
    String(metrics.queries),
    String(metrics.gallerySize),
  ]
}
