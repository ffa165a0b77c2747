/** The rules by which pictures are linked, the surest first. */
import type { LinkRule } from './linkRule.js'
import { alikeEmbeddings } from './rules/alikeEmbeddings.js'
import { alikePixels } from './rules/alikePixels.js'
import { burstNames } from './rules/burstNames.js'
import { captureTimes } from './rules/captureTimes.js'
import { editedFiles } from './rules/editedFiles.js'
import { rareCaptions } from './rules/rareCaptions.js'
import { sameFiles } from './rules/sameFiles.js'

export const linkRules: readonly LinkRule[] = [
  sameFiles,
  alikePixels,
  editedFiles,
  burstNames,
  captureTimes,
  rareCaptions,
  alikeEmbeddings,
]
