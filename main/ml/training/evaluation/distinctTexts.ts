/** The captions of pictures, each meaning once. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import type { Relevance } from '../metrics/ranks.js'
import { buildCaptionTable } from '../sources/captionTable.js'

export interface DistinctTexts {
  readonly texts: readonly string[]
  /** Per picture its captions' rows in `texts`. */
  readonly textsOfImage: Relevance
}

/** One text per meaning, right for every picture that has it. */
export function distinctTexts(items: readonly TrainingPair[]): DistinctTexts {
  const table = buildCaptionTable(items)
  const texts: string[] = []
  table.texts.forEach((text, row) => {
    texts[table.meaning[row]!] ??= text
  })
  const textsOfImage = table.ofItem.map((rows) => [
    ...new Set(rows.map((row) => table.meaning[row]!)),
  ])
  return { texts, textsOfImage }
}
