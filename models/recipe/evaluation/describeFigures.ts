/** Writes figures and answers as Markdown, for the terminal and the model card alike. */
import type { RetrievalMetrics } from '../../../shared/domain/training.js'
import type { Answer } from './freeText.js'
import type { HeldOutSet } from './heldOutFigures.js'

export interface Figure {
  readonly set: HeldOutSet
  readonly metrics: RetrievalMetrics
}

/** One row for each gallery, with 95 % intervals and what a random order would reach. */
export function describeFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ set, metrics: m }) => {
    const cells = (['recallAt1', 'recallAt10'] as const).map((key) => {
      const [low, high] = m.intervals[key]
      return `${m[key].toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
    })
    const chance = `${m.chanceAt1.toFixed(4)} / ${m.chanceAt10.toFixed(4)}`
    return `| ${set.title} | ${m.queries} | ${m.gallerySize} | ${cells.join(' | ')} | ${chance} |`
  })
  return [
    '| text to picture | texts | pictures | R@1 (95 %) | R@10 (95 %) | chance |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

export function describeAnswers(answers: readonly Answer[]): string {
  const rows = answers.map(({ query, hits }) => {
    const names = hits.map(({ name, score }) => `${name} ${score.toFixed(2)}`)
    return `| ${query} | ${names.join(', ')} |`
  })
  return ['| question | best five |', '|---|---|', ...rows].join('\n')
}
