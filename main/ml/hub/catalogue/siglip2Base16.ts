import type { CatalogueEntry } from '../../../../shared/domain/catalogue.js'
import { exportFiles } from './companions.js'

/** SigLIP 2 base, patches of 16 at 224 pixels (Tschannen et al. 2025), exported by onnx-community. */
export const siglip2Base16: CatalogueEntry = {
  id: 'siglip2-base-patch16-224',
  title: 'SigLIP 2 base',
  summary: 'Newer than CLIP and better at most things, in about a hundred languages.',
  repository: 'onnx-community/siglip2-base-patch16-224-ONNX',
  revision: 'ba1f3b0843f24bc5417d38e19c37b287d719b2f4',
  files: exportFiles({
    'tokenizer.json': [null, 'cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322'],
    'onnx/text_model.onnx': [
      null,
      'baf12d941beabafafb14f7b4adb38dc15be18681b964a84410ec53d9d65e6293',
    ],
    'onnx/vision_model.onnx': [
      371_807_752,
      'c0573e3f4140c3a7c4e9cc5912bd6b26a033b46a6a8e8af26cbea262b163bcad',
    ],
  }),
  languages: 'many',
  licence: { name: 'Apache 2.0', use: 'any' },
  embeddingDim: 768,
  contextLength: 64,
  parameters: { image: 92.9, text: 282.3 },
  imageGflop: 35.9,
}
