/** The same file twice: by its path, or by its bytes. */
import { linkEqual } from '../linkEqual.js'
import type { LinkRule } from '../linkRule.js'

export const sameFiles: LinkRule = {
  name: 'the same bytes',
  chains: false,
  async find({ pairs, evidence }, link) {
    linkEqual(pairs, ({ image }) => [image], link)
    linkEqual(evidence.contents, (content) => (content === null ? [] : [content]), link)
  },
}
