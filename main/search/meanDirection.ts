/** Combines embeddings of several things looked for into one query. */
import { AppError } from '../../shared/errors.js'

/**
 * The direction of the mean of the given embeddings, each [dim] and of length 1.
 *
 * @throws AppError INVALID_ARGUMENT if there are none or if they cancel out
 */
export function meanDirection(parts: readonly Float32Array[]): Float32Array {
  const first = parts[0]
  if (!first) {
    throw new AppError('INVALID_ARGUMENT', { argument: 'search', problem: 'say what to look for' })
  }
  const sum = new Float32Array(first.length)
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
  const length = Math.hypot(...sum)
  if (length < 1e-6) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: 'search',
      problem: 'the things looked for contradict each other',
    })
  }
  return sum.map((value) => value / length)
}
