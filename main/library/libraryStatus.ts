/** What the library says about itself. */
import type { LibraryStatus } from '../../shared/domain/library.js'
import { fromPortablePath } from '../platform/paths.js'
import type { Database } from '../storage/openDatabase.js'
import type { FileStateCount } from '../storage/repositories/files.js'
import type { Root } from '../storage/repositories/roots.js'
import { describeModels } from './describeModels.js'
import { reachRoot } from './roots/reachRoot.js'

/** How many failures are listed by name. */
const failuresListed = 1_000

/** What goes on in a library, by root. */
export interface LibraryActivity {
  readonly watching: ReadonlySet<number>
  readonly scanning: (rootId: number) => boolean
}

export const noActivity: LibraryActivity = { watching: new Set(), scanning: () => false }

/** Counts and failures; `decoderVersion` is the one that encoding failures are noted with. */
export async function libraryStatus(
  database: Database,
  uid: string,
  decoderVersion: string,
  activity: LibraryActivity = noActivity,
): Promise<Omit<LibraryStatus, 'device'>> {
  const roots = await database.roots.list()
  const counts = await database.files.countByState()
  const activeModelId = await database.settings.get('activeModelId')
  const unencoded =
    activeModelId === null
      ? new Map<number, number>()
      : await database.encodingQueue.countFailuresByRoot(activeModelId)
  const describedRoots: LibraryStatus['roots'] = []
  for (const root of roots) {
    const described = await describeRoot(root, counts, activity)
    const failed = described.failed + (unencoded.get(root.id) ?? 0)
    describedRoots.push({ ...described, failed })
  }
  const failed = [
    ...(counts.some(({ state }) => state === 'failed') ? await failedFiles(database, roots) : []),
    ...(activeModelId === null ? [] : await failedPhotos(database, activeModelId)),
  ]
  return {
    uid,
    path: database.folder,
    photos: await database.photos.countWithFile(),
    offline: await database.photos.countOffline(offlineRoots(describedRoots)),
    roots: describedRoots,
    models: await describeModels(database),
    toIndex:
      activeModelId === null
        ? 0
        : await database.encodingQueue.count(activeModelId, decoderVersion),
    failed,
    failures: groupByReason(failed),
  }
}

/** A root as it is now: its disk may have come or gone since the last scan. */
async function describeRoot(
  { id, path, lastScanAt }: Root,
  counts: readonly FileStateCount[],
  { watching, scanning }: LibraryActivity,
) {
  const count = (of: FileStateCount['state']) =>
    counts.find((one) => one.rootId === id && one.state === of)?.count ?? 0
  return {
    id,
    path,
    state: (await reachRoot(path, count('present') > 0))
      ? ('online' as const)
      : ('offline' as const),
    files: count('present'),
    missing: count('missing'),
    failed: count('failed'),
    watching: watching.has(id),
    scanning: scanning(id),
    lastScanAt: lastScanAt === null ? null : new Date(lastScanAt).toISOString(),
  }
}

function offlineRoots(roots: LibraryStatus['roots']): number[] {
  return roots.filter(({ state }) => state === 'offline').map(({ id }) => id)
}

/** How many failed for each reason, the most frequent first. */
function groupByReason(failed: LibraryStatus['failed']): LibraryStatus['failures'] {
  const counts = new Map<string, number>()
  for (const { reason } of failed) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
}

async function failedFiles(database: Database, roots: readonly Root[]) {
  const rootPaths = new Map(roots.map((root) => [root.id, root.path]))
  const files = await database.files.listFailed(failuresListed)
  return files.map(({ rootId, relativePath, errorReason }) => ({
    path: fromPortablePath(rootPaths.get(rootId) ?? '', relativePath),
    reason: errorReason ?? 'unknown',
  }))
}

/** Photos that could not be encoded, each at its best path; those that stand nowhere are left out. */
async function failedPhotos(database: Database, modelId: number) {
  const failures = await database.encodingQueue.listFailures(modelId, failuresListed)
  const located = await database.photos.locate(failures.map((failure) => failure.photoId))
  return failures.flatMap(({ photoId, reason }) => {
    const place = located.get(photoId)?.[0]
    return place ? [{ path: fromPortablePath(place.rootPath, place.relativePath), reason }] : []
  })
}
