/** The job that downloads a model of the hub into the library. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { JobInterruption } from '../../jobs/jobInterruption.js'
import { defineJobKind } from '../../jobs/jobKind.js'
import {
  discardDownload,
  downloadCheckpointSchema,
  downloadModel,
} from '../../ml/hub/downloadModel.js'
import { findSource, type HubSource, holdTo, recordOf } from '../../ml/hub/hubSource.js'
import { type Patience, usualPatience } from '../../ml/hub/retrying.js'
import { openWeb } from '../../platform/net/web.js'
import type { Database } from '../../storage/openDatabase.js'
import { readHubSettings } from './hubSettings.js'
import { keepModel } from './keepModel.js'
import { modelsFolder } from './modelsFolder.js'

export const downloadJobKind = 'download'

export const downloadJobParamsSchema = z.object({
  /** The source's id, and its name for people. */
  entry: z.string(),
  name: z.string(),
})

export const downloadJobResultSchema = z.object({ model: z.string() })

export interface DownloadJobDependencies {
  readonly database: Database
  readonly onDownloaded: () => void
  /** As people have it if not given; tests have less. */
  readonly patience?: Patience & { readonly silenceMs: number }
}

const usual = { ...usualPatience, silenceMs: 30_000 }

export function createDownloadJob(dependencies: DownloadJobDependencies) {
  const { database, onDownloaded, patience = usual } = dependencies
  return defineJobKind<z.infer<typeof downloadJobParamsSchema>>({
    lane: 'download',
    paramsSchema: downloadJobParamsSchema,
    async run({ params, checkpoint, signal, report, save }) {
      const records = await database.settings.get('hubRecords')
      const source = holdTo(requireSource(params.entry), records[params.entry])
      const folder = modelsFolder(database)
      const { endpoint, proxy } = await readHubSettings(database)
      const web = openWeb({ proxy, silenceMs: patience.silenceMs })
      try {
        const { model, plan } = await downloadModel({ web, endpoint, patience, signal }, source, {
          folder,
          checkpoint: downloadCheckpointSchema.nullable().catch(null).parse(checkpoint),
          save,
          report: (phase, done, total) => report({ phase, done, total }),
        })
        await keepModel(database, model, 'downloaded')
        const record = recordOf(plan, model.files)
        await database.settings.set('hubRecords', { ...records, [source.id]: record })
        onDownloaded()
        return { model: model.id } satisfies z.infer<typeof downloadJobResultSchema>
      } finally {
        await web.dispose()
        if (isCancelled(signal)) await discardDownload(folder, source.id)
      }
    },
  })
}

/** @throws AppError MODEL_NOT_FOUND for what is neither in the catalogue nor a repository's name */
export function requireSource(name: string): HubSource {
  const source = findSource(name)
  if (source !== null) return source
  throw new AppError('MODEL_NOT_FOUND', { model: name })
}

function isCancelled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof JobInterruption && reason.reason === 'cancel'
}
