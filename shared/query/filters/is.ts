/** `is:` photos in one of a few states. */
import type { FilterKind, FilterValue } from './filterKind.js'

export const photoStates = [
  'offline',
  'online',
  'tagged',
  'untagged',
  'captioned',
  'uncaptioned',
] as const
export type PhotoState = (typeof photoStates)[number]

export interface StateValue extends FilterValue {
  readonly text: PhotoState
}

export const is: FilterKind<StateValue> = {
  name: 'is',
  description: 'in this state',
  example: 'untagged',
  values: photoStates,
  parse: (text) => {
    const state = photoStates.find((known) => known === text.toLowerCase())
    return state ? { text: state } : { problem: `is: takes ${photoStates.join(', ')}.` }
  },
}
