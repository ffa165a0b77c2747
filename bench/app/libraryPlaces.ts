/** Where the parts of a benchmark's library lie. */
import { join } from 'node:path'

export interface LargeLibrary {
  readonly folder: string
  readonly photoFolder: string
  readonly libraryFolder: string
  readonly vectorFolder: string
  readonly thumbnailFolder: string
  /** The file of a photo's tile. */
  tilePath(contentHash: string): string
}

/** Places below `folder`; nothing is made. */
export function placeLibrary(folder: string): LargeLibrary {
  const libraryFolder = join(folder, 'library')
  const thumbnailFolder = join(libraryFolder, 'thumbnails')
  return {
    folder,
    photoFolder: join(folder, 'photos'),
    libraryFolder,
    vectorFolder: join(libraryFolder, 'vectors'),
    thumbnailFolder,
    tilePath: (hash) => join(thumbnailFolder, hash.slice(0, 2), `${hash}-tile.webp`),
  }
}
