import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** MobileCLIP S2 (Vasu et al. 2024), exported by Xenova. */
export const mobileclipS2: CatalogueEntry = {
  id: 'mobileclip-s2',
  title: 'MobileCLIP S2',
  summary: 'Better than CLIP ViT-B/16 at a third of its work for a photo.',
  repository: 'Xenova/mobileclip_s2',
  revision: null,
  files: exportFiles(),
  languages: 'english',
  licence: { name: 'Apple ML Research Model', use: 'research' },
  embeddingDim: 512,
  contextLength: 77,
  parameters: { image: 35.7, text: 63.4 },
  imageGflop: 12.4,
}
