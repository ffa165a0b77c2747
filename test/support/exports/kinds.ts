/** The kinds of models that exports are made of here. */
import { writeClipExport } from './clip.js'
import { writeMobileclipExport } from './mobileclip.js'
import { writeResnetExport } from './resnet.js'
import { writeSiglipExport } from './siglip.js'

export const exportKinds = {
  clip: writeClipExport,
  siglip: writeSiglipExport,
  mobileclip: writeMobileclipExport,
  resnet: writeResnetExport,
} as const

export type ExportKind = keyof typeof exportKinds

export const exportKindNames = Object.keys(exportKinds) as ExportKind[]
