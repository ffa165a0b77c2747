/** Where the thumbnails lie: beside the library, or where a person wants them. */
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemErrorCode, toFileError } from '../platform/fileErrors.js'
import type { Database } from '../storage/openDatabase.js'
import type { LibraryOpener } from './openLibrary.js'

export interface ThumbnailPlace {
  folder(): Promise<string>
  /** Moves the thumbnails into a folder of their own in `parent`; null for beside the library. */
  move(parent: string | null): Promise<void>
  /** Deletes all thumbnails; they are drawn again when they are needed. */
  clear(): Promise<void>
  /** Deletes what a move that was cut off has left behind. */
  tidy(): Promise<void>
}

/** Never the chosen folder itself: dropping thumbnails must not touch what else is in it. */
const ownName = 'Semblance thumbnails'

export function createThumbnailPlace(library: LibraryOpener): ThumbnailPlace {
  const open = async () => (await library.open()).database

  async function folder(): Promise<string> {
    const database = await open()
    return (await database.settings.get('thumbnailFolder')) ?? folderBeside(database)
  }

  async function tidy(): Promise<void> {
    const { settings } = await open()
    const left = await settings.get('thumbnailsLeft')
    if (left === null || left === (await folder())) return
    await rm(left, { recursive: true, force: true })
    await settings.set('thumbnailsLeft', null)
  }

  return {
    folder,
    tidy,

    async clear() {
      const cleared = await folder()
      // Closed, since a job may be drawing into it.
      await library.whileClosed(() => rm(cleared, { recursive: true, force: true }))
    },

    async move(parent) {
      const from = await folder()
      const database = await open()
      const to = parent === null ? folderBeside(database) : join(parent, ownName)
      if (to === from) return
      const before = await database.settings.get('thumbnailFolder')
      // Set first: the library reads it when it is opened again.
      await database.settings.set('thumbnailsLeft', from)
      await database.settings.set('thumbnailFolder', parent === null ? null : to)
      try {
        await library.whileClosed(() => moveFolder(from, to))
      } catch (error) {
        await (await open()).settings.set('thumbnailFolder', before)
        // Opened again meanwhile, it has read the other place.
        await library.whileClosed(async () => {})
        throw error
      }
      await tidy()
    },
  }
}

function folderBeside(database: Database): string {
  return join(database.folder, 'thumbnails')
}

async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT') return
    if (code !== 'EXDEV' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw toFileError(error, to)
    await cp(from, to, { recursive: true, preserveTimestamps: true }).catch((failure: unknown) => {
      throw toFileError(failure, to)
    })
  }
}
