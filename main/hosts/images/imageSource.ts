/** Where a host has its pictures from: the engine, in its own process or in another one. */

/** A file that may be sent, found by the engine: no part of its path comes from a client. */
export interface ServedFile {
  readonly path: string
  readonly contentType: string
  /** Changes whenever the bytes do. */
  readonly etag: string
}

export type ImageVariant = 'tile' | 'preview' | 'original'

export interface ImageSource {
  /** @throws AppError PHOTO_NOT_FOUND, IMAGE_UNREADABLE */
  find(libraryUid: string, photoId: number, variant: ImageVariant): Promise<ServedFile>
  /**
   * The files of tiles that lie ready, null for each that `find` would have to draw.
   *
   * @throws AppError PHOTO_NOT_FOUND for another library's
   */
  tilesAtHand(libraryUid: string, photoIds: readonly number[]): Promise<(string | null)[]>
  /** A picture of a query. @throws AppError FILE_NOT_FOUND */
  findPicture(picture: string): Promise<ServedFile>
  /** Takes the bytes of a picture to look for. @throws AppError IMAGE_UNREADABLE */
  addPicture(bytes: Uint8Array): Promise<{ readonly picture: string }>
}
