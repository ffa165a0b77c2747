/** The job that gives the library its embeddings by a new model and then makes it the active one. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.js'
import { defineJobKind } from '../jobs/jobKind.js'
import {
  type ChoosePrecision,
  type IndexJobDependencies,
  runIndexJob,
} from '../search/indexing/indexJob.js'
import type { Database } from '../storage/openDatabase.js'

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
      const goesBack = await usesVariantOf(database, context.params.model)
      const choosePrecision = goesBack ? asItIs : dependencies.choosePrecision
      const result = await runIndexJob({ ...dependencies, choosePrecision }, context)
      const row = await database.models.byUid(result.id)
      if (row === null || row.removedAt !== null) {
        throw new AppError('MODEL_NOT_FOUND', { model: context.params.name })
      }
      await database.settings.set('activeModelId', row.id)
      onAdopted()
      return result
    },
  })
}

const asItIs: ChoosePrecision = async (model) => model

/** From 8 bits back to full precision: indexing would otherwise take the variant in use for the model. */
async function usesVariantOf({ models, settings }: Database, uid: string): Promise<boolean> {
  const variant = (await settings.get('precisions'))[uid]?.variant ?? null
  if (variant === null) return false
  return (await models.byUid(variant))?.id === (await settings.get('activeModelId'))
}
