/** Downloads a model of the hub, from where an earlier run of the same download ended. */
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { downloadPhase } from '../../../shared/domain/downloadPhase.js'
import { replaceFolderAtomically } from '../../platform/atomicFiles.js'
import { requireRoom } from '../../platform/diskSpace.js'
import { toFileError } from '../../platform/fileErrors.js'
import { sealDirectory } from '../clip/modelDirectory/sealDirectory.js'
import { type ModelDirectory, openModelDirectory } from '../clip/modelDirectory.js'
import { tryModel } from '../clip/tryModel.js'
import { checkFile } from './checkFile.js'
import { type DownloadPlan, downloadPlanSchema, type PlannedFile } from './downloadPlan.js'
import { fetchFile } from './fetchFile.js'
import type { HubSource } from './hubSource.js'
import { addressOf, type HubAccess, planDownload } from './planDownload.js'

/** How far a download is; what the files themselves do not tell. */
export const downloadCheckpointSchema = z.object({
  plan: downloadPlanSchema,
  /** The model's id, once it is sealed and about to be put in its place. */
  id: z.string().nullable(),
})
export type DownloadCheckpoint = z.infer<typeof downloadCheckpointSchema>

export interface DownloadModelOptions {
  /** Where models of the library lie. */
  readonly folder: string
  readonly checkpoint: DownloadCheckpoint | null
  readonly save: (checkpoint: DownloadCheckpoint) => Promise<void>
  readonly report: (phase: string, done: number, total: number) => void
}

/** Where the files of an unfinished download lie. */
function stagingFolder(folder: string, sourceId: string): string {
  return join(folder, `.download-${sourceId.replace('/', '--')}`)
}

/**
 * The model, in a folder named by its id, and what was planned for it.
 *
 * @throws AppError as `planDownload` and `fetchFile`; DISK_SHORT before anything is fetched;
 *   MODEL_INVALID if what came is no model that runs
 */
export async function downloadModel(
  hub: HubAccess,
  source: HubSource,
  options: DownloadModelOptions,
): Promise<{ readonly model: ModelDirectory; readonly plan: DownloadPlan }> {
  const { folder, checkpoint, save, report } = options
  const done = checkpoint?.id ? await finished(folder, checkpoint.id) : null
  if (done !== null) return { model: done, plan: checkpoint!.plan }
  report('asking the hub', 0, 0)
  const plan = checkpoint?.plan ?? (await planDownload(hub, source))
  await save({ plan, id: null })
  const staging = stagingFolder(folder, source.id)
  await mkdir(staging, { recursive: true }).catch((error: unknown) => {
    throw toFileError(error, staging)
  })
  const sha256 = await fetchAll(hub, source, plan, staging, report)
  report('trying it out', 0, 0)
  const model = await sealDirectory(staging, {
    name: source.title,
    licence: source.licence,
    source: { entry: source.id, repository: source.repository, revision: plan.revision },
    ...(source.dims === null ? {} : { dims: source.dims }),
    sha256,
  })
  await tryModel(model)
  await save({ plan, id: model.id })
  await replaceFolderAtomically(staging, join(folder, model.id))
  return { model: await openModelDirectory(join(folder, model.id)), plan }
}

/** Deletes what an unfinished download has left. */
export async function discardDownload(folder: string, sourceId: string): Promise<void> {
  await rm(stagingFolder(folder, sourceId), { recursive: true, force: true })
}

/** A model that a run before put in its place, and then did not come to say so. */
async function finished(folder: string, id: string): Promise<ModelDirectory | null> {
  const found = await openModelDirectory(join(folder, id)).catch(() => null)
  return found?.id === id ? found : null
}

/** Fetches what is missing, one file after the other; sha256 by path. */
async function fetchAll(
  hub: HubAccess,
  { repository }: HubSource,
  { revision, files }: DownloadPlan,
  staging: string,
  report: DownloadModelOptions['report'],
): Promise<Record<string, string>> {
  const total = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
  await requireRoom(staging, total - (await presentBytes(staging, files)))
  const sha256: Record<string, string> = {}
  let before = 0
  for (const file of files) {
    const target = join(staging, file.path)
    const address = addressOf(hub.endpoint, repository, revision, file.path)
    const onBytes = (bytes: number) => report(downloadPhase, before + bytes, total)
    sha256[file.path] =
      (await wholeAlready(target, file, hub.signal)) ??
      (await fetchFile(hub, { address, file, target, onBytes }))
    before += (await stat(target)).size
    report(downloadPhase, before, total)
  }
  return sha256
}

async function wholeAlready(target: string, file: PlannedFile, signal: AbortSignal) {
  return checkFile(target, file, signal).catch(() => {
    signal.throwIfAborted()
    return null
  })
}

async function presentBytes(staging: string, files: readonly PlannedFile[]): Promise<number> {
  let present = 0
  for (const { path } of files) {
    for (const name of [path, `${path}.part`]) {
      present += (await stat(join(staging, name)).catch(() => null))?.size ?? 0
    }
  }
  return present
}
