/** The whole corpus: every picture of every collection, before any is held out. */
import type { WordNet } from '../words/wordNet.js'
import type { Picture } from './picture.js'
import { readEmojiConcepts, readEmojiVendor } from './readEmoji.js'
import { readClipArt, readStamps } from './readFolders.js'
import { readIcons } from './readIcons.js'

/** Reads names and words only; no picture is decoded. The order is stable. */
export async function readCorpus({ has: isWord }: Pick<WordNet, 'has'>): Promise<Picture[]> {
  const concepts = new Map((await readEmojiConcepts()).map((concept) => [concept.code, concept]))
  const parts: Picture[][] = []
  for (const vendor of ['facebook', 'apple', 'google', 'twitter'] as const) {
    parts.push(await readEmojiVendor(vendor, concepts))
  }
  parts.push(await readStamps())
  for (const set of ['fluent-emoji', 'openmoji'] as const) {
    parts.push(await readIcons(set, concepts, isWord))
  }
  parts.push(await readClipArt(isWord))
  // Last, as noto and twemoji are Google's and Twitter's drawings once more, as vectors.
  for (const set of ['flat-color-icons', 'noto', 'twemoji'] as const) {
    parts.push(await readIcons(set, concepts, isWord))
  }
  return parts.flat()
}
