/** What is to be said of pictures that measured models have learned from. */
import type { EvaluatedModel, Evaluation } from '../../../../shared/domain/evaluation.js'
import { formatCount } from './format.js'

/** Sentences for people: what was left out and why, and what stands against the figures. */
export function learnedNotes(evaluation: Evaluation): string[] {
  const models = [evaluation.model, ...(evaluation.against ? [evaluation.against.model] : [])]
  return [...describeShare(evaluation, models), ...describeUnknown(models)]
}

function describeShare({ learned }: Evaluation, models: readonly EvaluatedModel[]): string[] {
  if (learned === null || learned.pictures === 0) return []
  const names = listNames(models.filter(({ trained }) => trained))
  const pictures = formatCount(learned.pictures, 'picture')
  const groups = `${formatCount(learned.groups, 'group')} of linked pictures (copies, edits, bursts, near-duplicates)`
  if (learned.measured) {
    return [
      `Measured with ${pictures} that ${names} learned from, or that are linked to such, in ${groups}: these show it as better than it is.`,
    ]
  }
  return [
    `Left out: ${pictures} in ${groups} that ${names} learned from. --include-learned measures these too.`,
  ]
}

/** What a model learned from is kept with it; models from before that, and the starter, have no list. */
function describeUnknown(models: readonly EvaluatedModel[]): string[] {
  const unknown = models.filter(({ trained, learnedKnown }) => trained && !learnedKnown)
  if (unknown.length === 0) return []
  return [
    `Not all is known that ${listNames(unknown)} learned from. Pictures among these that it has seen show it as better than it is; measure on pictures that it has not seen.`,
  ]
}

function listNames(models: readonly EvaluatedModel[]): string {
  return models.map(({ name }) => name).join(' and ')
}
