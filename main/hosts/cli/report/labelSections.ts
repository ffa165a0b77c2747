/** The report's parts on labels. */
import type { ClassificationReport, Evaluation } from '../../../../shared/domain/evaluation.js'
import { formatPercent } from '../output/format.js'
import { confusionMatrix } from './confusionMatrix.js'
import { htmlTable, section } from './html.js'
import { measuredModels } from './retrievalSections.js'

/** Classes listed one by one; --json has them all. */
const mostClasses = 40

export function labelSection(evaluation: Evaluation): string {
  const { labels } = evaluation
  if (labels === null) return ''
  const { zeroShot, linearProbe } = labels
  const accuracies = measuredModels(evaluation).flatMap(({ model, labels: own }) => {
    if (own === null) return []
    const rows = [accuracyRow(`${model.name}, by words (zero-shot)`, own.zeroShot)]
    if (own.linearProbe) rows.push(accuracyRow(`${model.name}, linear probe`, own.linearProbe))
    return rows
  })
  const titles = [
    '',
    'accuracy',
    '95 % interval',
    'mean recall',
    'largest label',
    'pictures',
    'labels',
  ]
  const detailed: [string, ClassificationReport][] = [['Zero-shot', zeroShot]]
  if (linearProbe) detailed.push(['Linear probe', linearProbe])
  return section(
    'Labels',
    htmlTable('How often the right label is named', titles, accuracies),
    ...detailed.flatMap(([title, report]) => [
      confusionMatrix(`${title}, ${evaluation.model.name}`, report),
      classTable(`${title} by label, ${evaluation.model.name}`, report),
    ]),
  )
}

function accuracyRow(title: string, report: ClassificationReport): string[] {
  return [
    title,
    formatPercent(report.accuracy),
    report.interval.map(formatPercent).join(' – '),
    formatPercent(report.meanRecall),
    formatPercent(report.largestClass),
    String(report.pictures),
    String(report.classes),
  ]
}

function classTable(title: string, { perClass }: ClassificationReport): string {
  const shown = perClass.toSorted((a, b) => b.pictures - a.pictures).slice(0, mostClasses)
  const rows = shown.map(({ label, precision, recall, pictures }) => [
    label,
    precision === null ? '–' : formatPercent(precision),
    formatPercent(recall),
    String(pictures),
  ])
  return htmlTable(title, ['', 'precision', 'recall', 'pictures'], rows)
}
