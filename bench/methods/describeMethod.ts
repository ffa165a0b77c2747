/** One row of the table: what a method reaches, and what it gains over another. */
import { comparePaired } from '../../main/ml/training/metrics/significance/comparePaired.js'
import type { Row } from '../benchmark.js'
import type { AnsweredQueries, AnsweredQuery } from './answeredQueries.js'

const figures = [
  ['text → picture R@1', 'textToImage', 'recallAt1'],
  ['text → picture R@10', 'textToImage', 'recallAt10'],
  ['picture → text R@10', 'imageToText', 'recallAt10'],
] as const

export function describeMethod(
  name: string,
  own: AnsweredQueries,
  against: { readonly name: string; readonly answers: AnsweredQueries } | null,
): Row {
  const row: Record<string, string | number> = {
    method: name,
    'compared with': against?.name ?? '',
  }
  for (const [title, way, metric] of figures) {
    row[title] = Number(mean(own[way][metric]).toFixed(3))
    row[`${title}: gain`] =
      against === null ? '' : describeGain(own[way], against.answers[way], metric)
  }
  return row
}

/** In points, such as "+3.1 (1.2 to 5.0), p 0.002". */
function describeGain(
  own: AnsweredQuery,
  other: AnsweredQuery,
  metric: 'recallAt1' | 'recallAt10',
): string {
  const { difference, interval, p } = comparePaired(own[metric], other[metric], own.clusters)
  const [from, to] = interval.map(points)
  return `${points(difference)} (${from} to ${to}), p ${p < 0.001 ? '< 0.001' : p.toFixed(3)}`
}

function points(share: number): string {
  const rounded = (100 * share).toFixed(1)
  return share > 0 ? `+${rounded}` : rounded.replace('-', '−')
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
