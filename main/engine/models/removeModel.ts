/** Forgets models, and frees what they take. */
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { ModelSpace } from '../../../shared/domain/library.js'
import { AppError } from '../../../shared/errors.js'
import { sizeOfFolder } from '../../platform/folderFiles.js'
import { removeCaches, sizeOfCaches } from '../../search/vectors/modelCaches.js'
import type { Model } from '../../storage/repositories/models.js'
import { modelsFolder } from '../../tuning/models/modelsFolder.js'
import type { OpenLibrary } from '../openLibrary.js'

/** What removing a model would free. */
export async function measureSpace(
  { database, vectorFolder }: OpenLibrary,
  row: Model,
): Promise<ModelSpace> {
  return {
    files: isOurs(row, modelsFolder(database)) ? await sizeOfFolder(row.path).catch(() => 0) : 0,
    embeddings: await database.embeddings.sizeBytes(row.id),
    caches: await sizeOfCaches(vectorFolder, row.uid),
  }
}

/** @throws AppError INVALID_ARGUMENT for the active model and for the starter */
export function refuseRemoval(row: Model, active: Model): void {
  const problem =
    row.id === active.id
      ? 'it is in use; choose another model first'
      : row.kind === 'starter'
        ? 'it ships with the program and cannot be removed'
        : null
  if (problem !== null) throw new AppError('INVALID_ARGUMENT', { argument: row.name, problem })
}

/** A folder of the person's own stays. */
export async function removeModel(opened: OpenLibrary, row: Model): Promise<void> {
  await endJobsOf(opened, row)
  await opened.database.transaction(async ({ models, embeddings, objects }) => {
    await models.markRemoved(row.id, Date.now())
    await embeddings.deleteModel(row.id)
    await objects.deleteModel(row.id)
  })
  await deleteFiles(opened, row)
}

/** Deletes what removals that were cut off have left. */
export async function finishRemovals(opened: OpenLibrary): Promise<void> {
  for (const row of await opened.database.models.removed()) await deleteFiles(opened, row)
}

async function deleteFiles({ database, vectorFolder }: OpenLibrary, row: Model): Promise<void> {
  await removeCaches(vectorFolder, row.uid)
  if (isOurs(row, modelsFolder(database))) await rm(row.path, { recursive: true, force: true })
}

function isOurs({ path, kind }: Model, folder: string): boolean {
  return kind !== 'starter' && dirname(path) === folder
}

/** Indexing on would bring back what is being deleted. */
async function endJobsOf({ database, runner }: OpenLibrary, { uid }: Model): Promise<void> {
  const params = z.object({ model: z.literal(uid) })
  for (const job of await database.jobs.list(1_000)) {
    const waiting = ['queued', 'running', 'paused'].includes(job.state)
    if (waiting && params.safeParse(job.params).success) await runner.cancel(job.id)
  }
}
