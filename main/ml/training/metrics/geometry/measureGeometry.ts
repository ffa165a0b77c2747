/** How a model's embeddings lie on the sphere. */
import type { Geometry } from '../../../../../shared/domain/evaluation.js'
import type { EmbeddingMatrix, Relevance } from '../ranks.js'
import { alignment } from './alignment.js'
import { modalityGap } from './modalityGap.js'
import { uniformity } from './uniformity.js'

/** @param images and `texts` of unit length */
export function measureGeometry(
  images: EmbeddingMatrix,
  texts: EmbeddingMatrix,
  textsOfImage: Relevance,
): Geometry {
  return {
    alignment: alignment(images, texts, textsOfImage),
    imageUniformity: uniformity(images),
    textUniformity: uniformity(texts),
    modalityGap: modalityGap(images, texts),
  }
}
