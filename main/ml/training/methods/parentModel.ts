/** Opens the model that a run starts from. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import { type ModelDirectory, openModelDirectory } from '../../clip/modelDirectory.js'

/** @throws AppError INVALID_ARGUMENT if none is named, and those of `openModelDirectory` */
export function openParent({ from, method }: TrainingSpec): Promise<ModelDirectory> {
  if (from !== null) return openModelDirectory(from)
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'from',
    problem: `the method "${method}" needs a model to start from`,
  })
}
