/** Addresses of the library's pictures, on the page's own origin. */

export type ImageVariant = 'tile' | 'preview' | 'original'

/** `library`: the library's uid, since another library's photos have the same ids. */
export function imageAddress(library: string, photoId: number, variant: ImageVariant): string {
  return `/images/${library}/${photoId}/${variant}`
}

/** Tiles of many photos in one answer. */
export function tilesAddress(library: string, photoIds: readonly number[]): string {
  return `/images/${library}/tiles/${photoIds.join(',')}`
}

/** A picture that is part of a query. */
export function pictureAddress(picture: string): string {
  return `/pictures/${picture}`
}
