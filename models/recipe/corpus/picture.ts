/** One picture of the corpus with what is known about it in words. */
import type { Translation } from './translations.js'

/** Sets of SVG icons, by the names of their packages. */
export type IconSet =
  | 'noto'
  | 'twemoji'
  | 'fluent-emoji'
  | 'openmoji'
  | 'flat-color-icons'
  | 'emojione'
  | 'emojione-v1'
  | 'fxemoji'
  | 'noto-v1'
  | 'fluent-emoji-flat'
  | 'streamline-emojis'

export type Collection =
  | IconSet
  | 'facebook'
  | 'apple'
  | 'google'
  | 'twitter'
  | 'fluent-emoji-3d'
  | 'stamps'
  | 'clip-art'
  /** Whole photographs that are trained on. */
  | 'captioned'
  /** Whole photographs that are only asked for. */
  | 'photographs'

/** Collections that are trained on and are photographs, or hold many cut out of them. */
export const photographed: ReadonlySet<Collection> = new Set(['stamps', 'captioned'])

export interface Picture {
  /** Unique and stable: the collection and the name within it. */
  readonly id: string
  readonly collection: Collection
  /** A picture file, or the text of an SVG. */
  readonly image: { readonly path: string } | { readonly svg: string }
  /** What it shows, the same for all pictures of it: an emoji's code points, or words. */
  readonly concept: string
  /** The plain name; held-out pictures are asked for by it. */
  readonly name: string
  /** Other names for it, as specific as the plain one. */
  readonly aliases: readonly string[]
  /** Words that go with it without naming it alone. */
  readonly keywords: readonly string[]
  /** Phrases that name what kind of thing it is, such as "an animal". */
  readonly kinds: readonly string[]
  /** What it is called in other languages; absent where nobody has written it down. */
  readonly translations?: readonly Translation[]
}

/** A concept made of words: lower case, letters and digits only, single spaces. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}
