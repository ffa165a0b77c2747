/** Pictures with the same long caption, which was written for one occasion. */
import { linkEqual } from '../linkEqual.js'
import type { LinkRule } from '../linkRule.js'

/** A caption of so many words that two pictures share was written for one occasion. */
const occasionWords = 4
/** A caption of more pictures than this is a series' name rather than an occasion's. */
const occasionPictures = 20

export const rareCaptions: LinkRule = {
  name: 'the same rare caption',
  chains: false,
  async find({ pairs }, link) {
    const longOnes = (captions: readonly string[]) =>
      new Set(captions.filter((text) => text.split(/\s+/).length >= occasionWords))
    linkEqual(pairs, ({ captions }) => longOnes(captions), link, occasionPictures)
  },
}
