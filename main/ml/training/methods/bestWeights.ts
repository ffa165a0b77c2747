/** The best weights of a run so far, in a file beside its checkpoint. */
import { z } from 'zod'
import { AppError } from '../../../../shared/errors.js'
import { readCheckpoint, writeCheckpoint } from '../checkpoint/checkpointFile.js'
import { bestWeightsPath } from '../workFolder.js'
import type { Weights } from './adaptedEmbedder.js'

// [Note: the best weights on disk]
// A copy in memory would be as large as the model where all of it is trained, and a killed run would
// lose it. A run that goes on from an older checkpoint than the file repeats the steps in between, so
// that the file may be ahead of it and is right all the same.

export interface BestWeights {
  /** What they have scored; null before the first. */
  readonly score: number | null
  /** @throws DISK_FULL */
  write(weights: Weights, score: number): Promise<void>
  read(): Promise<Weights | null>
}

const stateSchema = z.object({ score: z.number() })

/** @throws AppError CHECKPOINT_INVALID if the file is damaged */
export async function openBestWeights(workFolder: string): Promise<BestWeights> {
  const path = bestWeightsPath(workFolder)
  const saved = await readCheckpoint(path)
  let score = saved === null ? null : readScore(saved.state, path)
  return {
    get score() {
      return score
    },
    async write(weights, reached) {
      await writeCheckpoint(path, { state: { score: reached }, tensors: weights })
      score = reached
    },
    read: async () => (await readCheckpoint(path))?.tensors ?? null,
  }
}

function readScore(state: unknown, path: string): number {
  const parsed = stateSchema.safeParse(state)
  if (parsed.success) return parsed.data.score
  throw new AppError('CHECKPOINT_INVALID', { path, reason: z.prettifyError(parsed.error) })
}
