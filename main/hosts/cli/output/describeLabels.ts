/** What was measured by labels, as tables for people. */
import type { ClassificationReport, LabelReport } from '../../../../shared/domain/evaluation.js'
import { formatCount, formatPercent, formatTable } from './format.js'

/** More classes than this are not listed one by one; --json has them all. */
const mostClasses = 20
const mostConfusions = 5

export function describeLabels(labels: LabelReport): string {
  const { zeroShot, linearProbe, nearest, labelToImage } = labels
  const rows = [
    accuracyRow('labels by words (zero-shot)', zeroShot),
    ...(linearProbe ? [accuracyRow('linear probe', linearProbe)] : []),
  ]
  const header = [
    '',
    'accuracy',
    '95 % from',
    'to',
    'mean recall',
    'largest class',
    'pictures',
    'labels',
  ]
  const lines = [formatTable(header, rows)]
  if (linearProbe) {
    lines.push(
      `The probe was trained on ${formatCount(linearProbe.trainedOn, 'picture')} and tested on ${linearProbe.pictures} others; L2 ${linearProbe.l2}.`,
    )
  }
  if (nearest) {
    lines.push(
      `The nearest other picture has the same label: ${formatPercent(nearest.accuracy)} of ${nearest.pictures} (chance ${formatPercent(nearest.chance)}).`,
    )
  }
  lines.push(
    `A label's pictures found by its words: R@1 ${formatPercent(labelToImage.recallAt1)}, mAP ${labelToImage.meanAveragePrecision?.toFixed(3)}, nDCG@10 ${labelToImage.ndcgAt10?.toFixed(3)} over ${formatCount(labelToImage.queries, 'label')}, gallery ${labelToImage.gallerySize}.`,
  )
  const detailed = linearProbe ?? zeroShot
  lines.push(`\n${describeClasses(linearProbe ? 'Linear probe' : 'Zero-shot', detailed)}`)
  return lines.join('\n')
}

function accuracyRow(title: string, report: ClassificationReport): string[] {
  return [
    title,
    formatPercent(report.accuracy),
    formatPercent(report.interval[0]),
    formatPercent(report.interval[1]),
    formatPercent(report.meanRecall),
    formatPercent(report.largestClass),
    String(report.pictures),
    String(report.classes),
  ]
}

function describeClasses(title: string, { perClass, confusions }: ClassificationReport): string {
  const shown = perClass.toSorted((a, b) => b.pictures - a.pictures).slice(0, mostClasses)
  const rows = shown.map(({ label, pictures, precision, recall }) => [
    label,
    precision === null ? '–' : formatPercent(precision),
    formatPercent(recall),
    String(pictures),
  ])
  const more = perClass.length - shown.length
  const lines = [formatTable([title, 'precision', 'recall', 'pictures'], rows)]
  if (more > 0) lines.push(`and ${formatCount(more, 'smaller label')}`)
  const mixed = confusions.slice(0, mostConfusions)
  if (mixed.length > 0) {
    const told = mixed.map(({ label, taken, pictures }) => `${label} for ${taken} (${pictures})`)
    lines.push(`Most often taken: ${told.join(', ')}`)
  }
  return lines.join('\n')
}
