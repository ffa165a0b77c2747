import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** The multilingual SigLIP base at 256 pixels (Zhai et al. 2023), exported by Xenova. */
export const siglipMultilingual: CatalogueEntry = {
  id: 'siglip-base-patch16-256-multilingual',
  title: 'SigLIP multilingual',
  summary: 'The first SigLIP in about a hundred languages.',
  repository: 'Xenova/siglip-base-patch16-256-multilingual',
  revision: null,
  files: exportFiles(),
  languages: 'many',
  licence: { name: 'Apache 2.0', use: 'any' },
  embeddingDim: 768,
  contextLength: 64,
  parameters: { image: 92.9, text: 277.7 },
  imageGflop: 46.9,
}
