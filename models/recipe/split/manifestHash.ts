/** One number for a split, by which it is told whether two runs held out the same pictures. */
import { createHash } from 'node:crypto'
import type { Picture } from '../corpus/picture.js'
import type { Part } from './assignParts.js'

/** sha256 over every picture's part and id, in the corpus's order. */
export function manifestHash(pictures: readonly Picture[], parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const [i, { id }] of pictures.entries()) hash.update(`${parts[i]} ${id}\n`)
  return hash.digest('hex')
}
