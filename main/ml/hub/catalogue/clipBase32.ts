import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** CLIP ViT-B/32 (Radford et al. 2021), exported by Xenova. */
export const clipBase32: CatalogueEntry = {
  id: 'clip-vit-base-patch32',
  title: 'CLIP ViT-B/32',
  summary: 'The classic: good at everyday things, quick on any computer.',
  repository: 'Xenova/clip-vit-base-patch32',
  revision: 'd15189d7028b43f1d3e65039190477f6af591c2a',
  files: exportFiles({
    'config.json': [4_524, '493ef57ff783e42d1530c91b53469b7fdf8db8a9c1408e86998fcb7899a4f495'],
    'preprocessor_config.json': [
      520,
      '6f638fb9401a6d6296feff533ee7efe657b787c49f954f82f5906b36ef2a1b1f',
    ],
    'tokenizer.json': [
      2_224_119,
      'f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd',
    ],
    'onnx/text_model.onnx': [
      254_058_553,
      '3f6571f5bad13a97c469c1622e1cfc4d9aef78b79fdbfcff804ca357bfada8cc',
    ],
    'onnx/vision_model.onnx': [
      351_685_709,
      'fd6e1402a588279d1723c7534d4bcba5bc0b14b47dfab0e46f8c47b8270d7d40',
    ],
  }),
  languages: 'english',
  licence: { name: 'MIT', use: 'any' },
  embeddingDim: 512,
  contextLength: 77,
  parameters: { image: 87.8, text: 63.4 },
  imageGflop: 8.8,
}
