/** The whole corpus: every picture of every collection, before any is held out. */
import type { WordNet } from '../words/wordNet.js'
import type { Collection, Picture } from './picture.js'
import { readCaptionedPhotographs } from './readCaptionedPhotographs.js'
import { readEmojiConcepts, readEmojiVendor } from './readEmoji.js'
import { readClipArt, readStamps } from './readFolders.js'
import { readIcons } from './readIcons.js'
import { readRenderedEmoji } from './readRenderedEmoji.js'

/** Sets that draw emoji, added after the split was published. */
const laterIcons = [
  'emojione',
  'emojione-v1',
  'fxemoji',
  'noto-v1',
  'fluent-emoji-flat',
  'streamline-emojis',
] as const

/**
 * Collections that nothing is held out of and that came after the split was published: its hash
 * covers the others, so that models trained on more pictures are still measured on the same split.
 */
export const laterCollections: ReadonlySet<Collection> = new Set([
  ...laterIcons,
  'fluent-emoji-3d',
  'captioned',
])

/** Google's and Twitter's drawings once more, as vectors: to train on them twice teaches nothing. */
export const redrawnCollections: ReadonlySet<Collection> = new Set(['noto', 'twemoji'])

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
  for (const set of ['flat-color-icons', 'noto', 'twemoji', ...laterIcons] as const) {
    parts.push(await readIcons(set, concepts, isWord))
  }
  parts.push(await readRenderedEmoji(concepts))
  parts.push(readCaptionedPhotographs())
  return parts.flat()
}
