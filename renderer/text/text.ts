/** Every string of the window, in the person's language. */
import { en } from './en/index.js'

/** A translation is another object of this type, chosen here. */
export type Catalogue = typeof en

export const text: Catalogue = en
