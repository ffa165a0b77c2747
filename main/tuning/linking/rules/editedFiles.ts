/** Edits and copies of one file, by how programs name them. */
import { basename, dirname, extname } from 'node:path'
import { linkEqual } from '../linkEqual.js'
import type { LinkRule } from '../linkRule.js'

/** "X copy 2", "X - Kopie (2)", "X-edited", "X_bearbeitet", "X-Enhanced-NR", as programs append it. */
const editWords =
  /[-_ .]+(edit(ed)?|bearbeitet|modifi[eé]e?|modificat[oa]|editad[oa]|bewerkt|redigerad|copy|kopie|copie|copia|kopia|cropped|resized|scaled|enhanced(-nr)?|hdr|effects)([-_ ]?\d{1,2})?$/i
/** "X (1)", "X~2", "X-1024x768", "X@2x". */
const numbers = /\s?\(\d{1,3}\)$|~\d{1,3}$|[-_]\d{2,5}x\d{2,5}$|@\dx$/
/** "Copy of X", "Kopie von X", "Copy (2) of X". */
const copyBefore = /^(copy|kopie|copie|copia|kopia)( \(\d{1,3}\))? (of|von|de|di|van|av) /i
/** Apple's edit of IMG_1234 is IMG_E1234. */
const appleEdit = /^(img_)e(?=\d{4,}$)/i

export const editedFiles: LinkRule = {
  name: 'edits and copies of one file',
  chains: false,
  async find({ pairs }, link) {
    linkEqual(pairs, ({ image }) => [`${dirname(image)}/${originalStem(image)}`], link)
  },
}

/** The name that a file's edits and copies share, without an extension. */
export function originalStem(path: string): string {
  let stem = basename(path, extname(path)).normalize('NFC')
  for (let before = ''; before !== stem; ) {
    before = stem
    for (const part of [copyBefore, editWords, numbers]) {
      const shorter = stem.replace(part, '').trim()
      if (shorter !== '') stem = shorter
    }
  }
  return stem.replace(appleEdit, '$1')
}
