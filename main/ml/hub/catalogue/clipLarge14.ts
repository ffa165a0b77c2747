import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** CLIP ViT-L/14 (Radford et al. 2021), exported by Xenova. */
export const clipLarge14: CatalogueEntry = {
  id: 'clip-vit-large-patch14',
  title: 'CLIP ViT-L/14',
  summary: 'The best of the classic ones, for patient people or strong computers.',
  repository: 'Xenova/clip-vit-large-patch14',
  revision: 'c307790166907339eed5a9a53a249af534102536',
  files: exportFiles({
    'onnx/vision_model.onnx': [
      1_216_438_437,
      'ff49f8aa57c7abfd26e382eb083e4dbf988505223a9bd3767dbfd4e729206709',
    ],
  }),
  languages: 'english',
  licence: { name: 'MIT', use: 'any' },
  embeddingDim: 768,
  contextLength: 77,
  parameters: { image: 304, text: 123.7 },
  imageGflop: 162,
}
