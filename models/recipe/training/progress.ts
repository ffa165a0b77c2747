/** Saves a training run, so that one that was broken off goes on where it was. */

import { z } from 'zod'
import {
  readCheckpoint,
  writeCheckpoint,
} from '../../../main/ml/training/checkpoint/checkpointFile.js'
import type { ContrastiveStep } from '../../../main/ml/training/step/contrastiveStep.js'
import type { LoopPosition } from '../../../main/ml/training/trainLoop.js'

const stateSchema = z.object({ run: z.string(), step: z.number().int(), elapsedMs: z.number() })

export interface Progress {
  /** Puts saved weights into the step; the beginning where nothing fitting is saved. */
  restore(): Promise<LoopPosition>
  save(position: LoopPosition): Promise<void>
}

/** @param run tells runs apart: one is only continued with the settings that it began with */
export function openProgress(
  path: string,
  { state }: Pick<ContrastiveStep, 'state'>,
  run: Readonly<Record<string, unknown>>,
): Progress {
  const lengths = Object.entries(state).map(([name, values]) => [name, values.length])
  const key = JSON.stringify([run, lengths])
  return {
    async restore() {
      const saved = await readCheckpoint(path)
      const { data } = stateSchema.safeParse(saved?.state)
      if (saved === null || data?.run !== key) return { step: 0, elapsedMs: 0 }
      for (const [name, values] of saved.tensors) state[name]?.set(values)
      return { step: data.step, elapsedMs: data.elapsedMs }
    },
    save: (position) =>
      writeCheckpoint(path, {
        state: { run: key, ...position },
        tensors: new Map(Object.entries(state)),
      }),
  }
}
