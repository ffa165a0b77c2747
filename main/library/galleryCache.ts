/** Keeps the gallery of a library in memory, and in a file for the next start. */
import { changeGallery, type Gallery, loadGallery, type ShownPhotos } from './gallery.js'
import { readGalleryFile, writeGalleryFile } from './galleryFile.js'

export interface GalleryCache {
  /** The library's photos as they are now; only what has changed is read again. */
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
export function createGalleryCache(shownPhotos: ShownPhotos, path: string): GalleryCache {
  let latest: Loading | null = null
  let writtenVersion: number | null = null
  let writing: Promise<void> = Promise.resolve()
  let calm: NodeJS.Timeout | undefined

  async function load(version: number, before: Loading | null): Promise<Gallery> {
    const kept = before === null ? await readGalleryFile(path, version) : null
    if (kept !== null) {
      writtenVersion = version
      return kept
    }
    const gallery = (before && (await change(before))) ?? (await loadGallery(shownPhotos))
    clearTimeout(calm)
    calm = setTimeout(() => void write(), calmMs).unref()
    return gallery
  }

  /** What was loaded before, with what has changed since; null if all has to be read again. */
  async function change(before: Loading): Promise<Gallery | null> {
    const gallery = await before.gallery.catch(() => null)
    if (gallery === null) return null
    const changed = await shownPhotos.changedSince(before.version)
    return changed && changeGallery(gallery, changed, await shownPhotos.columnsOf(changed))
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
      const version = await shownPhotos.version()
      if (latest?.version !== version) {
        const loading = { version, gallery: load(version, latest) }
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
