/** Reads emoji that are rendered as pictures, one file for each, named by its code points. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sourceFolder } from '../folders.js'
import type { Picture } from './picture.js'
import { type EmojiConcept, emojiPicture, normaliseCode } from './readEmoji.js'

/** In the order of their codes; skin tones are no concepts and are left out. */
export async function readRenderedEmoji(
  concepts: ReadonlyMap<string, EmojiConcept>,
): Promise<Picture[]> {
  const folder = join(sourceFolder('@lobehub/fluent-emoji-3d'), 'assets')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.webp')).sort()
  return files.flatMap((file) => {
    const key = file.slice(0, -'.webp'.length)
    const concept = concepts.get(normaliseCode(key))
    if (concept === undefined) return []
    return [emojiPicture('fluent-emoji-3d', key, { path: join(folder, file) }, concept)]
  })
}
