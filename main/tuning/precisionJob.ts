/** The job that tries 8-bit weights for a model, and has search use them where they do as well. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.js'
import { defineJobKind } from '../jobs/jobKind.js'
import { openModelDirectory } from '../ml/clip/modelDirectory.js'
import { runIndexJob } from '../search/indexing/indexJob.js'
import type { AdoptJobDependencies } from './adoptJob.js'
import { findVariant } from './choosePrecision.js'

export const precisionJobKind = 'precision'

const precisionJobParamsSchema = z.object({
  /** The model's uid, and its name for people. */
  model: z.string(),
  name: z.string(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
})

/** The model in use stays so until the photos have been looked at by the one with 8 bits. */
export function createPrecisionJob(dependencies: AdoptJobDependencies) {
  const { database, onAdopted } = dependencies
  return defineJobKind<z.infer<typeof precisionJobParamsSchema>>({
    lane: 'index',
    paramsSchema: precisionJobParamsSchema,
    async run(context) {
      const { params, report, signal } = context
      const row = await database.models.byUid(params.model)
      if (row === null) throw new AppError('MODEL_NOT_FOUND', { model: params.name })
      report({ phase: 'choosing precision', done: 0, total: 1 })
      const directory = await openModelDirectory(row.path)
      const variant = await findVariant(database, { row, directory }, signal)
      if (variant !== null && (await database.settings.get('activeModelId')) === row.id) {
        const model = variant.row.uid
        await runIndexJob(dependencies, { ...context, params: { ...params, model } })
        // Whoever has chosen another model meanwhile keeps that.
        if ((await database.settings.get('activeModelId')) === row.id) {
          await database.settings.set('activeModelId', variant.row.id)
        }
      }
      onAdopted()
      return { model: variant?.row.uid ?? null }
    },
  })
}
