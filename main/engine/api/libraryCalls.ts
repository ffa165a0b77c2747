/** The library's folders, as a window handles them: everything goes on in the background. */
import { AppError } from '../../../shared/errors.js'
import { libraryStatus } from '../../library/libraryStatus.js'
import { listFailures } from '../../library/listFailures.js'
import { addRoot } from '../../library/roots/addRoot.js'
import { sampleJobKind } from '../../library/sampleJob.js'
import { scanJobKind } from '../../library/scan/scanJob.js'
import { decoderVersion } from '../../platform/images/imageLibrary.js'
import type { Changes } from '../changes.js'
import type { EncoderCache } from '../encoderCache.js'
import { enqueueMissing } from '../followUps.js'
import type { Handles } from '../handles.js'
import { libraryUid } from '../libraryUid.js'
import type { ModelRegistry } from '../modelRegistry.js'
import type { LibraryOpener, OpenLibrary } from '../openLibrary.js'
import type { Preferences } from '../preferences.js'
import type { ApiOf } from '../router.js'
import type { Watchers } from '../watchRoots.js'
import { browseFolders } from './browse.js'

export interface LibraryCallsDependencies {
  readonly library: LibraryOpener
  readonly models: ModelRegistry
  readonly encoders: Pick<EncoderCache, 'device'>
  readonly preferences: Preferences
  readonly handles: Handles
  readonly changes: Changes
  readonly watchers: Watchers
}

export function createLibraryCalls(dependencies: LibraryCallsDependencies): ApiOf<'library'> {
  const { library, models, encoders, preferences, handles, changes, watchers } = dependencies

  async function status() {
    const opened = await library.open()
    // Makes sure that one model is active, so that its work to do is counted.
    await models.active()
    const scans = (await opened.database.jobs.list(50)).filter(
      ({ kind, state }) => kind === scanJobKind && state === 'running',
    )
    const scanning = (rootId: number) =>
      scans.some(({ params }) => {
        const of = (params as { rootId: number | null }).rootId
        return of === null || of === rootId
      })
    const activity = { watching: watchers.watching(), scanning }
    const uid = await libraryUid(opened.database)
    const status = await libraryStatus(opened.database, uid, decoderVersion, activity)
    return { ...status, device: await encoders.device() }
  }

  async function rescan(opened: OpenLibrary, rootId: number | null): Promise<void> {
    await opened.runner.enqueue(scanJobKind, { rootId })
  }

  return {
    status,

    browse: (where) => browseFolders(handles, where),

    async addFolders({ folders }) {
      const opened = await library.open()
      const roots: number[] = []
      for (const path of folders.map(handles.resolve)) {
        const { root } = await addRoot(opened.database, path, Date.now())
        roots.push(root.id)
        await rescan(opened, root.id)
      }
      changes.emit({ type: 'library' })
      await watchers.update()
      return { roots: [...new Set(roots)] }
    },

    async addSample() {
      const { id } = await (await library.open()).runner.enqueue(sampleJobKind, {})
      return { job: id }
    },

    async removeFolder({ root }) {
      const { database } = await library.open()
      if (!(await database.roots.get(root))) throw unknownRoot(root)
      await database.transaction(async ({ roots, photos }) => {
        await roots.remove(root)
        await photos.deleteUnused()
      })
      await watchers.update()
      changes.emit({ type: 'library' })
    },

    async rescan({ root }) {
      const opened = await library.open()
      if (root !== null && !(await opened.database.roots.get(root))) throw unknownRoot(root)
      await rescan(opened, root)
    },

    async failures({ root, reason, offset, limit }) {
      const { reads } = (await library.open()).database
      const which = { modelId: await reads.settings.get('activeModelId'), rootId: root, reason }
      const files = await listFailures(reads.failures, which, { offset, limit })
      return { total: await reads.failures.count(which), files }
    },

    async retryFailed({ root }) {
      const opened = await library.open()
      await opened.database.files.forgetFailures(root)
      await opened.database.encodingQueue.forgetAllFailures()
      await opened.database.thumbnailFailures.forgetAll()
      await rescan(opened, root)
      await enqueueMissing(opened, { models, preferences })
    },
  }
}

function unknownRoot(root: number): AppError {
  return new AppError('INVALID_ARGUMENT', {
    argument: 'folder',
    problem: `there is no folder ${root} in the library any more`,
  })
}
