/** Twelve questions in free words, fixed before the first starter was trained. */
import { normalizeRows } from '../../../main/ml/clip/normalizeRows.js'
import type { Picture } from '../corpus/picture.js'
import type { Part } from '../split/assignParts.js'
import type { Embedders } from './heldOutFigures.js'

export const freeQueries = [
  'red fruit',
  'sea animal',
  'something to eat',
  'a vehicle',
  'musical instrument',
  'angry face',
  'a bird that can fly',
  'winter weather',
  'thing to wear on your head',
  'yellow car',
  'people in love',
  'a place to sleep',
]

/** Twelve more for the probe photographs, fixed before they were first asked. */
export const photographQueries = [
  'a bird',
  'a monkey',
  'an animal in the water',
  'two animals',
  'an insect',
  'mountains',
  'a pyramid',
  'a church',
  'a castle by the water',
  'a building at night',
  'trees in autumn',
  'something red',
]

export interface Answer {
  readonly query: string
  /** The best pictures, best first; `number` among all pictures. */
  readonly hits: readonly {
    readonly number: number
    readonly name: string
    readonly score: number
  }[]
}

/** Every picture that was held out: the unseen vendor and the held-out stamps. */
export function freeTextGallery(parts: readonly Part[]): number[] {
  return parts.flatMap((part, i) => (part === 'training' ? [] : [i]))
}

/** The five best pictures of the gallery for each question, by cosine similarity. */
export async function answerFreely(
  queries: readonly string[],
  gallery: readonly number[],
  pictures: readonly Picture[],
  { dim, pictures: embedPictures, texts: embedTexts }: Embedders,
): Promise<Answer[]> {
  const images = normalizeRows(await embedPictures(gallery), dim)
  const texts = normalizeRows(await embedTexts(queries), dim)
  return queries.map((query, q) => {
    const scores = gallery.map((number, g) => {
      let score = 0
      for (let k = 0; k < dim; k++) score += texts[q * dim + k]! * images[g * dim + k]!
      return { number, name: pictures[number]!.name, score }
    })
    return { query, hits: scores.sort((a, b) => b.score - a.score).slice(0, 5) }
  })
}
