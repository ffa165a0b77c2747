/** The job that gives the library its embeddings by a new model and then makes it the active one. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.js'
import { defineJobKind } from '../jobs/jobKind.js'
import { type IndexJobDependencies, runIndexJob } from '../search/indexing/indexJob.js'

export const adoptJobKind = 'adopt'

const adoptJobParamsSchema = z.object({
  /** The model's uid, and its name for people. */
  model: z.string(),
  name: z.string(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
})

export interface AdoptJobDependencies extends IndexJobDependencies {
  /** Told once the model is in use. */
  readonly onAdopted: () => void
}

/** Until it is done the earlier model answers, so that nobody searches a library half embedded. */
export function createAdoptJob(dependencies: AdoptJobDependencies) {
  const { database, onAdopted } = dependencies
  return defineJobKind<z.infer<typeof adoptJobParamsSchema>>({
    lane: 'index',
    paramsSchema: adoptJobParamsSchema,
    async run(context) {
      const result = await runIndexJob(dependencies, context)
      const row = await database.models.byUid(context.params.model)
      if (row === null || row.removedAt !== null) {
        throw new AppError('MODEL_NOT_FOUND', { model: context.params.name })
      }
      await database.settings.set('activeModelId', row.id)
      onAdopted()
      return result
    },
  })
}
