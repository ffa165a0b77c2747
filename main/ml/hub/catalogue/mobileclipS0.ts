import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** MobileCLIP S0 (Vasu et al. 2024), exported by Xenova. */
export const mobileclipS0: CatalogueEntry = {
  id: 'mobileclip-s0',
  title: 'MobileCLIP S0',
  summary: 'Small and quick, about as good as CLIP ViT-B/16.',
  repository: 'Xenova/mobileclip_s0',
  revision: '757d59c9c6870a76a4b0306f05f5061bca15c39f',
  files: exportFiles({
    'preprocessor_config.json': [
      382,
      'b031f09fbd69e22a605b6cc7433993249ee893b7fc1b79321f669cd015493dd4',
    ],
    'tokenizer.json': [
      2_224_081,
      '72ed5c96db5729294468543e4bc75fce14ca63f58e37300290189ba1c1e52b85',
    ],
    'tokenizer_config.json': [
      763,
      'a7d9d24f248071b792e4a3b56ab0539c2f40eec8da56d6fd91fb3a50058acebd',
    ],
    'onnx/text_model.onnx': [
      169_807_789,
      'f6e9bd5742bfc515889e901634d8a2ff2a57fab8564e4ad3760e800b1a51b77c',
    ],
    'onnx/vision_model.onnx': [
      45_543_630,
      '17d3c037b1d488c10c50e09f6009ea5a198caef4e0e8f4ea5617b7cb2d067ac0',
    ],
  }),
  languages: 'english',
  licence: { name: 'Apple ML Research Model', use: 'research' },
  embeddingDim: 512,
  contextLength: 77,
  parameters: { image: 11.4, text: 42.4 },
  imageGflop: 3.8,
}
