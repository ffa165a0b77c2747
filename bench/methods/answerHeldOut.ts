/** Asks a model for held-out pictures by their names, and for names by their pictures. */
import type { ModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import {
  embedItems,
  embedWords,
  withEmbedders,
} from '../../main/ml/training/evaluation/embedSet.js'
import { createMeasuredSet } from '../../main/ml/training/evaluation/measuredSet.js'
import { measureRetrieval } from '../../main/ml/training/evaluation/measureRetrieval.js'
import { scoreQueries } from '../../main/ml/training/metrics/table.js'
import type { PictureEvidence } from '../../main/tuning/linking/pictureEvidence.js'
import type { TrainingPair } from '../../shared/domain/training.js'
import type { AnsweredQueries, AnsweredQuery } from './answeredQueries.js'

/** All pictures with what links them and their words, whichever split they are in. */
export interface Collection {
  readonly pairs: readonly TrainingPair[]
  readonly evidence: PictureEvidence
  readonly groups: ReadonlyMap<string, number>
  readonly textGroups: ReadonlyMap<string, number>
}

export async function answerHeldOut(
  model: ModelDirectory,
  heldOut: readonly TrainingPair[],
  { groups, textGroups }: Collection,
): Promise<AnsweredQueries> {
  const { signal } = new AbortController()
  return withEmbedders([model], { signal }, async ([embedder]) => {
    const { items, images } = await embedItems(heldOut, [embedder!])
    const set = createMeasuredSet(items, (image) => groups.get(image))
    const texts = await embedWords(set.texts, embedder!)
    const { rankings } = await measureRetrieval(set, images[0]!, texts, signal)
    const answers = (way: keyof typeof rankings, clusterOf: (row: number) => number) => {
      const { ranks, queries } = rankings[way]
      const answered: AnsweredQuery = {
        recallAt1: scoreQueries('recallAt1', ranks),
        recallAt10: scoreQueries('recallAt10', ranks),
        clusters: queries.map(clusterOf),
      }
      return answered
    }
    return {
      textToImage: answers('textToImage', (row) => textGroups.get(set.texts[row]!)!),
      imageToText: answers('imageToText', (row) => groups.get(items[row]!.image)!),
    }
  })
}
