/** An evaluation as one HTML file that needs nothing else: no script, no network. */
import type {
  Evaluation,
  HardQuery,
  ModelComparison,
} from '../../../../shared/domain/evaluation.js'
import {
  formatP,
  formatPoints,
  measureNames,
  metricNames,
  sayVerdict,
} from '../output/describeEvaluation.js'
import { formatPercent } from '../output/format.js'
import { learnedNotes } from '../output/learnedNotes.js'
import { escapeHtml, htmlTable, paragraph, section } from './html.js'
import { labelSection } from './labelSections.js'
import { overallVerdict, retrievalSection, similaritySection } from './retrievalSections.js'
import { styleSheet } from './styleSheet.js'
import { trainingSection } from './trainingSection.js'

export interface ReportFacts {
  readonly folder: string
  readonly createdAt: Date
}

export function renderReport(evaluation: Evaluation, { folder, createdAt }: ReportFacts): string {
  const { model, against, skipped } = evaluation
  const title = against === null ? model.name : `${model.name} against ${against.model.name}`
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="dim">${escapeHtml(`Measured on ${folder}, ${createdAt.toISOString().slice(0, 10)}`)}</p>`,
    ...learnedNotes(evaluation).map(paragraph),
    against === null ? '' : comparisonSection(evaluation, against),
    retrievalSection(evaluation),
    labelSection(evaluation),
    similaritySection(evaluation),
    trainingSection(evaluation),
    hardestSection(evaluation.hardest),
    skipped.length === 0
      ? ''
      : section(
          'Pictures that could not be read',
          prose(
            htmlTable(
              'Left out',
              ['file', 'reason'],
              skipped.map(({ path, reason }) => [path, reason]),
            ),
          ),
        ),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(`${title} – Semblance`)}</title>
<style>${styleSheet}</style>
</head>
<body>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function comparisonSection(evaluation: Evaluation, against: ModelComparison): string {
  const rows = against.rows.map((row) => {
    const figure =
      row.metric.startsWith('recall') || row.metric === 'accuracy' ? formatPercent : fixed
    return [
      `${measureNames[row.measure]}, ${metricNames[row.metric]}`,
      figure(row.model),
      figure(row.against),
      sayVerdict(row),
      row.interval.map(formatPoints).join(' to '),
      formatP(row.p),
    ]
  })
  const header = [
    '',
    evaluation.model.name,
    against.model.name,
    'verdict',
    '95 % interval, points',
    'p',
  ]
  return section(
    'Which is better',
    `<p class="verdict">${escapeHtml(overallVerdict(evaluation, against))}</p>`,
    htmlTable('Each figure on the same queries', header, rows),
    paragraph(
      'Intervals are by a paired bootstrap and p by a paired sign-flip permutation test, both over groups of linked pictures and for each line on its own. At p of 0.05 or more the two are not told apart.',
    ),
  )
}

function fixed(value: number): string {
  return value.toFixed(3)
}

function hardestSection(hardest: readonly HardQuery[]): string {
  if (hardest.length === 0) return ''
  const table = (direction: HardQuery['direction'], caption: string, header: string[]) => {
    const rows = hardest
      .filter((one) => one.direction === direction)
      .map(({ text, picture, rank, foundFirst }) => {
        const asked = direction === 'textToImage' ? [text, picture] : [picture, text]
        return [...asked, String(rank), foundFirst]
      })
    return rows.length === 0 ? '' : prose(htmlTable(caption, header, rows))
  }
  return section(
    'The hardest',
    table('textToImage', 'Words whose picture stands farthest down', [
      'words',
      'picture',
      'rank',
      'found first',
    ]),
    table('imageToText', 'Pictures whose words stand farthest down', [
      'picture',
      'words',
      'rank',
      'found first',
    ]),
  )
}

/** A table of sentences and paths rather than of figures. */
function prose(table: string): string {
  return `<div class="prose">${table}</div>`
}
