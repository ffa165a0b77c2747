/** Sentences that a label is put into, so that it reads as captions do (Radford 2021, section 3.1.4). */
import { normalizeRows } from '../../clip/normalizeRows.js'
import type { EmbeddingMatrix } from '../metrics/ranks.js'

const templates = [
  'a photo of a {label}',
  'a photo of the {label}',
  'a picture of a {label}',
  'a drawing of a {label}',
  'a close-up of a {label}',
  '{label}',
] as const

/** All sentences of all labels, label by label. */
export function labelPrompts(words: readonly string[]): string[] {
  return words.flatMap((one) => templates.map((template) => template.replace('{label}', () => one)))
}

/**
 * One vector per label: the mean of its sentences' embeddings, at unit length.
 *
 * @param prompts embeddings of what `labelPrompts` gave, rows of unit length
 */
export function averagePrompts({ rows, dim, data }: EmbeddingMatrix): EmbeddingMatrix {
  const classes = rows / templates.length
  const sums = new Float32Array(classes * dim)
  for (let row = 0; row < rows; row++) {
    const at = Math.floor(row / templates.length) * dim
    for (let k = 0; k < dim; k++) sums[at + k]! += data[row * dim + k]!
  }
  return { rows: classes, dim, data: normalizeRows(sums, dim) }
}
