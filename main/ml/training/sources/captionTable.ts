/** The captions of a data set, each distinct one once, ready to be picked by number. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { normaliseCaption, numberTexts } from '../sampling/groups.js'

export interface CaptionTable {
  /** The distinct captions, as written. */
  readonly texts: readonly string[]
  /** Per item the numbers of its captions in `texts`. */
  readonly ofItem: readonly (readonly number[])[]
  /** Per caption a number that captions of equal meaning share. */
  readonly meaning: Int32Array
  /** Per item the number of its label, -1 without one. */
  readonly labels: Int32Array
}

/** Collects the captions and labels of items. */
export function buildCaptionTable(
  items: readonly Pick<TrainingPair, 'captions' | 'label'>[],
): CaptionTable {
  const numbers = new Map<string, number>()
  const numberOf = (text: string) => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const ofItem = items.map(({ captions }) => [...new Set(captions.map(numberOf))])
  const texts = [...numbers.keys()]
  return {
    texts,
    ofItem,
    meaning: numberTexts(texts.map(normaliseCaption)),
    labels: numberTexts(items.map(({ label }) => label)),
  }
}
