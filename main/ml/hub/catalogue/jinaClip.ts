import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** jina-clip v1 (Koukounas et al. 2024), with an EVA-02 image tower, exported by its makers. */
export const jinaClip: CatalogueEntry = {
  id: 'jina-clip-v1',
  title: 'jina-clip v1',
  summary: 'Understands long descriptions better than CLIP.',
  repository: 'jinaai/jina-clip-v1',
  revision: 'ceb3e44ca4d6eceaa4f3fb58b1c1a5748b3f29b6',
  files: exportFiles({
    'tokenizer.json': [null, 'b36ee0ed6d20d181de65ce729dea6169658a9cfa4dede6717ba9fa2e4fbd3bc7'],
    'onnx/text_model.onnx': [
      null,
      'd7b2e732e685dcaf5ca2a36e7f5d9169906859f4590766689dbf7b00b20da01b',
    ],
    'onnx/vision_model.onnx': [
      null,
      '3032bf5f20bc39e23e9d2fff51ed1406341f1490bade128ffdcc6307af63c246',
    ],
  }),
  languages: 'english',
  licence: { name: 'Apache 2.0', use: 'any' },
  embeddingDim: 768,
  contextLength: 512,
  parameters: { image: 86, text: 137 },
  imageGflop: 35.1,
}
