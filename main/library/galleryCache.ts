/** Keeps the gallery of a library in memory, and in a file for the next start. */
import type { Database } from '../storage/openDatabase.js'
import { type Gallery, loadGallery } from './gallery.js'
import { readGalleryFile, writeGalleryFile } from './galleryFile.js'

export interface GalleryCache {
  /** The library's photos as they are now; read again only after something has changed. */
  get(): Promise<Gallery>
  /** Writes the file if it is behind; call before the database is closed. */
  close(): Promise<void>
}

/** A library that is being scanned changes all the time; it is written once that is over. */
const calmMs = 10_000

interface Loading {
  readonly version: number
  readonly gallery: Promise<Gallery>
}

/** @param path of the file, which need not be there */
export function createGalleryCache(database: Database, path: string): GalleryCache {
  let latest: Loading | null = null
  let writtenVersion: number | null = null
  let writing: Promise<void> = Promise.resolve()
  let calm: NodeJS.Timeout | undefined

  async function load(version: number, first: boolean): Promise<Gallery> {
    const kept = first ? await readGalleryFile(path, version) : null
    if (kept !== null) {
      writtenVersion = version
      return kept
    }
    const gallery = await loadGallery(database)
    clearTimeout(calm)
    calm = setTimeout(() => void write(), calmMs).unref()
    return gallery
  }

  /** One after the other, so that whoever closes waits for one that is under way. */
  function write(): Promise<void> {
    writing = writing.then(writeLatest)
    return writing
  }

  async function writeLatest(): Promise<void> {
    if (latest === null || latest.version === writtenVersion) return
    const { version, gallery } = latest
    const columns = await gallery.catch(() => null)
    if (columns === null) return
    writtenVersion = version
    // Without it the next start takes longer, and that is all.
    await writeGalleryFile(path, version, columns).catch(() => {})
  }

  return {
    async get() {
      const version = await database.shownPhotos.version()
      if (latest?.version !== version) {
        const loading = { version, gallery: load(version, latest === null) }
        latest = loading
        // A failure is not kept.
        loading.gallery.catch(() => {
          if (latest === loading) latest = null
        })
      }
      return latest.gallery
    },

    async close() {
      clearTimeout(calm)
      await write()
    },
  }
}
