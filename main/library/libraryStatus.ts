/** What the library says about itself. */
import type { LibraryStatus } from '../../shared/domain/library.js'
import type { Database } from '../storage/openDatabase.js'
import type { FileStateCount } from '../storage/repositories/files.js'
import type { Root } from '../storage/repositories/roots.js'
import { describeModels } from './describeModels.js'
import { listFailures } from './listFailures.js'
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
  const { failures } = database
  const of = { modelId: activeModelId }
  // Naming none would take as long as naming some: all files have to be looked through.
  const some = describedRoots.some(({ failed }) => failed > 0)
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
    failed: some ? await listFailures(failures, of, { limit: failuresListed }) : [],
    failures: some ? await failures.countByReason(of) : [],
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
