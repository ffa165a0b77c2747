/** Asks for the tiles that are seen first while the window's program is still being read. */
import { unpack } from '../../../shared/domain/packed.js'
import type { PhotoColumns } from '../../../shared/domain/photo.js'
import { loadTile } from './loadTile.js'

/** About as many as a window shows at first; a multiple of 3, so that the text can be cut there. */
const count = 24
/** Characters of base64 for so many numbers of four bytes. */
const characters = (count * 4 * 4) / 3

/** The grid finds them under way or there already; wishes are not taken back. */
export function askForFirstTiles(library: string, { ids }: Pick<PhotoColumns, 'ids'>): void {
  const first = unpack(ids.slice(0, characters) as typeof ids)
  for (const photo of first) loadTile(library, photo, true, () => {})
}
