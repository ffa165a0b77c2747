/** What a checkpoint holds of a run, beside the numbers themselves. */
import { z } from 'zod'
import { teachCurvesSchema } from '../../../shared/domain/teaching.js'
import { AppError } from '../../../shared/errors.js'
import { readCheckpoint } from './checkpoint/checkpointFile.js'
import type { ContrastiveStep } from './step/contrastiveStep.js'

const savedStateSchema = z.object({
  position: z.object({ step: z.number().int().min(0), elapsedMs: z.number().min(0) }),
  method: z.unknown(),
  mined: z.unknown().optional(),
  curves: teachCurvesSchema.nullable().default(null),
  watch: z.unknown().optional(),
})

export interface SavedRun {
  readonly state: z.infer<typeof savedStateSchema>
  readonly tensors: ReadonlyMap<string, Float32Array>
}

/**
 * @returns null where nothing was saved yet
 * @throws AppError CHECKPOINT_INVALID
 */
export async function readSaved(path: string): Promise<SavedRun | null> {
  const content = await readCheckpoint(path)
  if (content === null) return null
  const state = savedStateSchema.safeParse(content.state)
  if (state.success) return { state: state.data, tensors: content.tensors }
  throw new AppError('CHECKPOINT_INVALID', { path, reason: z.prettifyError(state.error) })
}

/** @throws AppError CHECKPOINT_INVALID where the saved numbers are another run's */
export function restoreState(
  step: Pick<ContrastiveStep, 'state'>,
  tensors: ReadonlyMap<string, Float32Array>,
  path: string,
): void {
  for (const [name, live] of Object.entries(step.state)) {
    const values = tensors.get(name)
    if (values?.length !== live.length) {
      throw new AppError('CHECKPOINT_INVALID', { path, reason: `${name} does not fit this run` })
    }
    live.set(values)
  }
}
