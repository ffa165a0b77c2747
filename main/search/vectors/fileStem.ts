/** What files that hold a model's vectors are called. */
import { createHash } from 'node:crypto'

/** Model ids may hold characters that file names may not. */
export function fileStem(modelId: string): string {
  return createHash('sha256').update(modelId).digest('hex').slice(0, 32)
}
