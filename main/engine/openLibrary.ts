/** Opens the library once, when it is first needed, with its job runner. */
import { join } from 'node:path'
import { createJobRunner, type JobRunner } from '../jobs/createJobRunner.js'
import { systemClock } from '../platform/clock.js'
import { indexJobKind } from '../search/indexing/indexJob.js'
import { createSearchTraffic, type SearchTraffic } from '../search/searchTraffic.js'
import { type Database, openDatabase } from '../storage/openDatabase.js'
import type { Changes } from './changes.js'
import { createJobKinds } from './jobKinds.js'

export interface OpenLibrary {
  readonly database: Database
  readonly runner: JobRunner
  /** Begins to run jobs, those that an earlier process left included; later calls do nothing. */
  startJobs(): Promise<void>
  /** Where HNSW files are cached. */
  readonly vectorFolder: string
  /** Where pictures from elsewhere are kept that were searched for. */
  readonly pictureFolder: string
  /** Searches under way, for which jobs make way. */
  readonly traffic: SearchTraffic
}

export interface LibraryOpener {
  /** The library; opened by the first call. @throws LIBRARY_LOCKED, LIBRARY_CORRUPT, DISK_FULL */
  open(): Promise<OpenLibrary>
  /** Closes the library if it was opened. */
  dispose(): Promise<void>
}

export interface LibraryOpenerOptions {
  readonly folder: string
  readonly onNotice: (message: string) => void
  readonly changes: Changes
}

export function createLibraryOpener(options: LibraryOpenerOptions): LibraryOpener {
  let opened: Promise<OpenLibrary> | null = null
  return {
    open() {
      if (opened === null) {
        const opening = openLibrary(options)
        opened = opening
        // A failure is not kept: what was in the way may be gone at the next call.
        opening.catch(() => {
          if (opened === opening) opened = null
        })
      }
      return opened
    },
    async dispose() {
      const library = await opened?.catch(() => null)
      if (!library) return
      await library.runner.dispose()
      await library.database.dispose()
    },
  }
}

async function openLibrary({
  folder,
  onNotice,
  changes,
}: LibraryOpenerOptions): Promise<OpenLibrary> {
  const database = await openDatabase(folder)
  const vectorFolder = join(folder, 'vectors')
  const pictureFolder = join(folder, 'pictures')
  const traffic = createSearchTraffic()
  const runner = createJobRunner({
    jobs: database.jobs,
    kinds: createJobKinds({ database, vectorFolder, onNotice, changes, traffic }),
    clock: systemClock,
    onError: (error) => onNotice(error instanceof Error ? error.message : String(error)),
  })
  runner.subscribe(({ kind, state }) => {
    if (kind === indexJobKind && state === 'completed') changes.emit({ type: 'models' })
  })
  let started: Promise<void> | null = null
  const startJobs = () => {
    started ??= runner.start()
    return started
  }
  return { database, runner, startJobs, vectorFolder, pictureFolder, traffic }
}
