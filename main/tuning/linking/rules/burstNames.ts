/** Shots of one burst, by how cameras number them. */
import { basename, dirname, extname } from 'node:path'
import { linkEqual } from '../linkEqual.js'
import type { LinkRule } from '../linkRule.js'

/** IMG_20200101_120000_BURST001_COVER: the same before the number. */
const numbered = /^(.*\d{8}.*?)[-_]?burst[-_]?\d{1,4}([-_](cover|top))?$/i
/** 00001IMG_00001_BURST20200101120000123_COVER: the same time after the word. */
const timed = /burst[-_]?(\d{14,17})([-_](cover|top))?$/i
/** 20200101_120000_001 and PXL_20200101_120000123-01.COVER: a second, and a number within it. */
const counted = /^(.*\d{8}[-_]\d{6}\d{0,3})[-_](\d{2,3})([-_.](cover|top|mp))*$/i

export const burstNames: LinkRule = {
  name: 'names of one burst',
  chains: false,
  async find({ pairs }, link) {
    linkEqual(pairs, ({ image }) => keyOf(image), link)
  },
}

function keyOf(image: string): string[] {
  const name = basename(image, extname(image))
  const found = name.match(timed) ?? name.match(numbered) ?? name.match(counted)
  return found ? [`${dirname(image)}/${found[1]!.toLowerCase()}`] : []
}
