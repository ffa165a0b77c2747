/** Rows of a confusion matrix, read back from the page. */
import { expect, it } from 'vitest'
import { confusionMatrix } from '../../../../../main/hosts/cli/report/confusionMatrix.js'
import { reportClasses } from '../../../../../main/ml/training/metrics/labels/classMetrics.js'

/** Pictures of `classes` labels, label k having k + 1 of them, the first of each taken for `wrong(k)`. */
function reportOf(classes: number, wrong: (label: number) => number) {
  const truth = Array.from({ length: classes }, (_, k) => new Array<number>(k + 1).fill(k)).flat()
  const predicted = truth.map((own, i) => (truth.indexOf(own) === i ? wrong(own) : own))
  return reportClasses({
    labels: Array.from({ length: classes }, (_, k) => `label ${k}`),
    truth: Int32Array.from(truth),
    predicted: Int32Array.from(predicted),
    clusters: Int32Array.from(truth, (_, i) => i),
  })
}

/** Each row's label with its cells. */
function readRows(html: string): [string, number[]][] {
  const rows = html.match(/<tr><th scope="row">.*?<\/tr>/g) ?? []
  return rows.map((row) => [
    row.match(/<th[^>]*>(.*?)<\/th>/)![1]!,
    [...row.matchAll(/<td[^>]*>(\d*)<\/td>/g)].map(([, count]) => Number(count)),
  ])
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

it('counts what is taken for a label without a column as other, so that rows add up', () => {
  const html = confusionMatrix(
    'Zero-shot',
    reportOf(25, (label) => (label + 1) % 25),
  )
  const rows = readRows(html)
  expect(rows).toHaveLength(20)
  expect(html).toContain('<span>other</span>')
  for (const [label, counts] of rows) {
    expect(counts).toHaveLength(21)
    expect(sum(counts), label).toBe(Number(label.slice('label '.length)) + 1)
  }
  // The largest label's first picture was taken for the smallest one, which is not shown.
  expect(rows[0]![1].at(-1)).toBe(1)
  expect(rows[1]![1].at(-1)).toBe(0)
})

it('has no such column where every label has its own', () => {
  const html = confusionMatrix(
    'Zero-shot',
    reportOf(4, (label) => (label + 1) % 4),
  )
  expect(html).not.toContain('other')
  expect(readRows(html).map(([, counts]) => sum(counts))).toEqual([4, 3, 2, 1])
})
