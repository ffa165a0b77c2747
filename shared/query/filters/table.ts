/** All kinds of filters: a new one is a file here, a line here, and its condition in the database. */
import { after } from './after.js'
import { before } from './before.js'
import { camera } from './camera.js'
import type { Problem } from './filterKind.js'
import { folder } from './folder.js'
import { is } from './is.js'
import { name } from './name.js'
import { object } from './object.js'
import { size } from './size.js'
import { tag } from './tag.js'
import { type } from './type.js'

/** In the order in which they are offered. */
export const filterKinds = {
  folder,
  after,
  before,
  camera,
  tag,
  object,
  name,
  type,
  is,
  size,
} as const

export type FilterName = keyof typeof filterKinds
export const filterNames = Object.keys(filterKinds) as FilterName[]

/** What a value of a filter of this name is. */
export type ValueOf<N extends FilterName> = Exclude<
  ReturnType<(typeof filterKinds)[N]['parse']>,
  Problem
>

export function isFilterName(text: string): text is FilterName {
  return Object.hasOwn(filterKinds, text)
}
