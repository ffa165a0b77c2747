/** Finds files with the same bytes: copies of a picture are one picture, whatever they are called. */
import { stat } from 'node:fs/promises'
import type { TrainingPair } from '../../../shared/domain/training.js'
import { isAppError } from '../../../shared/errors.js'
import { systemErrorCode } from '../../platform/fileErrors.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { hashFile } from '../scan/hashFile.js'

const filesAtOnce = 16
/** Files that are hashed at a time: more would only make the disk seek. */
const hashesAtOnce = 2

/**
 * The pairs with the path of the first copy in place of every other's, so that their words count as
 * words of one picture. Apart, they would be each other's wrong answers.
 *
 * Only files of equal size are read. Those that cannot be read stay as they are.
 */
export async function nameCopiesAlike(
  pairs: readonly TrainingPair[],
  signal?: AbortSignal,
): Promise<TrainingPair[]> {
  const paths = [...new Set(pairs.map((pair) => pair.image))]
  const sizes = await mapBounded(paths, filesAtOnce, async (path) => {
    signal?.throwIfAborted()
    return stat(path).then(
      ({ size }) => size,
      () => null,
    )
  })
  const counts = new Map<number | null, number>()
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1)
  const alike = paths.filter((_, i) => sizes[i] && counts.get(sizes[i])! > 1)
  const hashes = await mapBounded(alike, hashesAtOnce, (path) => hashOrNull(path, signal))
  const firstByHash = new Map<string, string>()
  const firstByPath = new Map<string, string>()
  for (const [i, path] of alike.entries()) {
    const hash = hashes[i]
    if (!hash) continue
    const first = firstByHash.get(hash) ?? path
    firstByHash.set(hash, first)
    firstByPath.set(path, first)
  }
  return pairs.map((pair) => ({ ...pair, image: firstByPath.get(pair.image) ?? pair.image }))
}

async function hashOrNull(path: string, signal?: AbortSignal): Promise<string | null> {
  signal?.throwIfAborted()
  try {
    return await hashFile(path, signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (isAppError(error) || systemErrorCode(error) !== null) return null
    throw error
  }
}
