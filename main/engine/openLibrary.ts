/** Opens the library once, when it is first needed, with its job runner. */
import { join } from 'node:path'
import { defaultSettings } from '../../shared/domain/settings.js'
import { createJobRunner, type JobRunner } from '../jobs/createJobRunner.js'
import { describeJob } from '../jobs/describeJob.js'
import { createGalleryCache, type GalleryCache } from '../library/galleryCache.js'
import { createThumbnailCache, type ThumbnailCache } from '../library/thumbnails/thumbnailCache.js'
import { createThumbnails, type Thumbnails } from '../library/thumbnails/thumbnails.js'
import { systemClock } from '../platform/clock.js'
import { createImageThread, type ImageThread } from '../platform/images/imageThread.js'
import { indexJobKind } from '../search/indexing/indexJob.js'
import { createSearchTraffic, type SearchTraffic } from '../search/searchTraffic.js'
import { type Database, openDatabase } from '../storage/openDatabase.js'
import type { Changes } from './changes.js'
import { createJobKinds } from './jobKinds.js'
import type { LibraryPlace } from './libraryPlace.js'

export interface OpenLibrary {
  readonly database: Database
  /** Where pictures are decoded. */
  readonly images: ImageThread
  readonly thumbnailCache: ThumbnailCache
  readonly thumbnails: Thumbnails
  readonly gallery: GalleryCache
  readonly runner: JobRunner
  /** Begins to run jobs, those that an earlier process left included; later calls do nothing. */
  startJobs(): Promise<void>
  jobsStarted(): boolean
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
  isOpen(): boolean
  /** Does `work` on the closed library in `folder`; who opens it meanwhile waits. Jobs then go on. */
  whileClosed(work: (folder: string) => Promise<void>): Promise<void>
  /** Closes the library if it was opened. */
  dispose(): Promise<void>
}

export interface LibraryOpenerOptions {
  readonly place: LibraryPlace
  readonly onNotice: (message: string) => void
  readonly changes: Changes
}

export function createLibraryOpener(options: LibraryOpenerOptions): LibraryOpener {
  let opened: Promise<OpenLibrary> | null = null
  let closing: Promise<void> | null = null

  function keep(opening: Promise<OpenLibrary>): Promise<OpenLibrary> {
    opened = opening
    // A failure is not kept: what was in the way may be gone at the next call.
    opening.catch(() => {
      if (opened === opening) opened = null
    })
    return opening
  }

  const open = () => opened ?? keep(openLibrary(options))

  async function close(): Promise<void> {
    const library = await opened?.catch(() => null)
    if (library) await closeLibrary(library)
  }

  return {
    open,
    isOpen: () => opened !== null,

    async whileClosed(work) {
      const library = await open()
      const working = closeLibrary(library).then(() => work(library.database.folder))
      const reopening = keep(working.catch(() => {}).then(() => openLibrary(options)))
      await working.finally(async () => {
        const again = await reopening
        if (library.jobsStarted()) await again.startJobs()
      })
    },

    dispose() {
      closing ??= close()
      return closing
    },
  }
}

async function closeLibrary({ runner, database, images, gallery }: OpenLibrary): Promise<void> {
  await runner.dispose()
  await images.dispose()
  await gallery.close()
  await database.dispose()
}

async function openLibrary({
  place,
  onNotice,
  changes,
}: LibraryOpenerOptions): Promise<OpenLibrary> {
  const folder = await place.folder()
  const database = await openDatabase(folder)
  const vectorFolder = join(folder, 'vectors')
  const pictureFolder = join(folder, 'pictures')
  const traffic = createSearchTraffic()
  // Each tile asks for it, and it moves only while the library is closed.
  const thumbnailFolder =
    (await database.settings.get('thumbnailFolder')) ?? join(folder, 'thumbnails')
  const thumbnailCache = createThumbnailCache({
    folder: thumbnailFolder,
    limitBytes: async () => {
      const { thumbnailLimitBytes } = await database.settings.get('preferences')
      return thumbnailLimitBytes ?? defaultSettings.thumbnailLimitBytes
    },
  })
  const images = createImageThread()
  const thumbnails = createThumbnails(database, thumbnailCache, images)
  const runner = createJobRunner({
    jobs: database.jobs,
    kinds: createJobKinds({
      database,
      vectorFolder,
      onNotice,
      changes,
      traffic,
      images,
      cache: thumbnailCache,
      thumbnails,
    }),
    clock: systemClock,
    onError: (error) => onNotice(error instanceof Error ? error.message : String(error)),
  })
  runner.subscribe((job) => {
    changes.emit({ type: 'job', job: describeJob(job) })
    if (job.kind === indexJobKind && job.state === 'completed') changes.emit({ type: 'models' })
  })
  let started: Promise<void> | null = null
  const startJobs = () => {
    started ??= runner.start()
    return started
  }
  const jobsStarted = () => started !== null
  return {
    database,
    images,
    runner,
    startJobs,
    jobsStarted,
    vectorFolder,
    pictureFolder,
    traffic,
    thumbnailCache,
    thumbnails,
    gallery: createGalleryCache(database.reads.shownPhotos, join(folder, 'gallery')),
  }
}
