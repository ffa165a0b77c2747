import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** CLIP ViT-B/16 (Radford et al. 2021), exported by Xenova. */
export const clipBase16: CatalogueEntry = {
  id: 'clip-vit-base-patch16',
  title: 'CLIP ViT-B/16',
  summary: 'Sees smaller details than B/32, and takes four times as long for a photo.',
  repository: 'Xenova/clip-vit-base-patch16',
  revision: null,
  files: exportFiles(),
  languages: 'english',
  licence: { name: 'MIT', use: 'any' },
  embeddingDim: 512,
  contextLength: 77,
  parameters: { image: 86.2, text: 63.4 },
  imageGflop: 35.1,
}
