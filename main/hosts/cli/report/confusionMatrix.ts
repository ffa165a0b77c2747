/** The confusion matrix as a table, shaded by the share of each row. */
import type { ClassificationReport } from '../../../../shared/domain/evaluation.js'
import { escapeHtml, scrollable } from './html.js'

/** Of more classes the largest are shown. */
const mostClasses = 20
const shades = 8

interface Row {
  readonly label: string
  /** By shown column, then of all labels that have none. */
  readonly counts: readonly number[]
  readonly pictures: number
}

/** Each row's cells add up to its pictures: what has no column of its own is counted as "other". */
export function confusionMatrix(title: string, report: ClassificationReport): string {
  const { perClass } = report
  const rows = countRows(report)
  const shown = rows.map(({ label }) => label)
  const hasOthers = rows.some(({ counts }) => counts.at(-1) !== 0)
  const columns = hasOthers ? [...shown, 'other'] : shown
  const head = columns.map((label) => `<th scope="col"><span>${escapeHtml(label)}</span></th>`)
  const body = rows.map(({ label, counts, pictures }, own) => {
    const cells = columns.map((_, column) => cell(counts[column]!, pictures, column === own))
    return `<tr><th scope="row">${escapeHtml(label)}</th>${cells.join('')}</tr>`
  })
  const more =
    perClass.length > shown.length
      ? `; the ${mostClasses} largest of ${perClass.length} labels`
      : ''
  const others = hasOthers ? '; "other" is every label without a column' : ''
  const caption = `${title}: rows are the labels of pictures, columns what they were taken for${more}${others}`
  return scrollable(
    title,
    `<table class="matrix"><caption>${escapeHtml(caption)}</caption><thead><tr><td></td>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`,
  )
}

function countRows({ perClass, confusions }: ClassificationReport): Row[] {
  const shown = perClass.toSorted((a, b) => b.pictures - a.pictures).slice(0, mostClasses)
  const columnOf = new Map(shown.map(({ label }, column) => [label, column]))
  const rows = shown.map(({ label, pictures, recall }, own) => {
    const counts = new Array<number>(shown.length + 1).fill(0)
    counts[own] = Math.round(recall * pictures)
    return { label, counts, pictures }
  })
  for (const { label, taken, pictures } of confusions) {
    const row = columnOf.get(label)
    if (row !== undefined) rows[row]!.counts[columnOf.get(taken) ?? shown.length]! += pictures
  }
  return rows
}

function cell(count: number, pictures: number, isRight: boolean): string {
  const shade = count === 0 ? 0 : Math.max(1, Math.round((count / pictures) * shades))
  return `<td class="${isRight ? 'right' : 'wrong'} shade${shade}">${count === 0 ? '' : count}</td>`
}
