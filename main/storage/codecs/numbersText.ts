/** Many numbers of one answer as a single text: a row for each would take JavaScript far longer. */
import { z } from 'zod'

const comma = 44
const minus = 45
const zero = 48

/** Whole numbers joined by commas, as group_concat gives them; null for none. */
export const numbersText = z
  .string()
  .nullable()
  .transform((text) => (text === null ? new Float64Array() : parseNumbers(text)))

/** Ids joined by commas. */
export const idsText = numbersText.transform((numbers) => Uint32Array.from(numbers))

/** The pages of a long answer as one. */
export function joinIds(pages: readonly Uint32Array[]): Uint32Array {
  const ids = new Uint32Array(pages.reduce((length, page) => length + page.length, 0))
  let at = 0
  for (const page of pages) {
    ids.set(page, at)
    at += page.length
  }
  return ids
}

function parseNumbers(text: string): Float64Array {
  let commas = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === comma) commas++
  const numbers = new Float64Array(commas + 1)
  let at = 0
  let value = 0
  let sign = 1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === comma) {
      numbers[at++] = sign * value
      value = 0
      sign = 1
    } else if (code === minus) sign = -1
    else value = 10 * value + (code - zero)
  }
  numbers[at] = sign * value
  return numbers
}
