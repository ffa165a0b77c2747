/** What a query means: things to look for, and filters that leave some photos only. */
import type { FilterName, ValueOf } from './filters/table.js'

/** One thing to look for; what has a weight below 0 is to be unlike the results. */
export type Term = WordsTerm | LikeTerm | PictureTerm

interface Weighed {
  /** 1 unless the query says otherwise. */
  readonly weight: number
  readonly start: number
  readonly end: number
}

export interface WordsTerm extends Weighed {
  readonly kind: 'words'
  /** All words as one phrase, for the text encoder. */
  readonly text: string
  readonly words: readonly QueryWord[]
}

export interface QueryWord {
  readonly text: string
  /** Stands in quotes: several words that belong together as they are. */
  readonly quoted: boolean
}

/** A photo of the library. */
export interface LikeTerm extends Weighed {
  readonly kind: 'like'
  readonly photoId: number
}

/** A picture from outside of the library, by the id under which it was added. */
export interface PictureTerm extends Weighed {
  readonly kind: 'picture'
  readonly picture: string
}

/** Leaves photos that meet any of the values; if negated, those that meet none. */
export type Filter = { [N in FilterName]: FilterNamed<N> }[FilterName]

export interface FilterNamed<N extends FilterName> {
  readonly name: N
  readonly values: readonly ValueOf<N>[]
  readonly negated: boolean
  readonly start: number
  readonly end: number
}

/** A part of the text, for colours. */
export interface QueryToken {
  readonly kind: 'operator' | 'word' | 'quoted' | 'weight' | 'filter' | 'value'
  readonly start: number
  readonly end: number
}

/** A part of the text that means nothing as it is. */
export interface ParseProblem {
  readonly start: number
  readonly end: number
  readonly message: string
}

export interface ParsedQuery {
  readonly terms: readonly Term[]
  readonly filters: readonly Filter[]
  readonly problems: readonly ParseProblem[]
  /** In their order; what stands between them is space and commas. */
  readonly tokens: readonly QueryToken[]
}
