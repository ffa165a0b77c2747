/** Picks photos of a library to measure models on, of which none has learned from any. */
import { type LearnedPictures, readLearned } from '../../ml/clip/modelDirectory/learnedPictures.js'
import { openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { spread } from '../../platform/spread.js'
import type { Database } from '../../storage/openDatabase.js'
import { type LessonPair, toTrainingPair } from '../collectPairs.js'
import { learnedComponents } from '../linking/learnedComponents.js'
import { indexLearned } from '../linking/learnedIndex.js'
import { readLibraryEvidence } from '../linking/libraryEvidence.js'
import { linkPictures } from '../linking/linkPictures.js'
import { type EvidenceOptions, gatherEvidence } from '../linking/pictureEvidence.js'
import { leastMeasured } from '../splitPairs.js'

export interface PickedPhotos {
  /** Empty where too few are left. */
  readonly taken: readonly LessonPair[]
  /** Photos that were left out. */
  readonly learned: number
}

/**
 * At most `most` photos from all over the library, without those that any of its models has learned
 * from and those linked to such: the same photos whichever model is measured, so that figures can be
 * compared.
 */
export async function pickUnlearned(
  database: Database,
  pairs: readonly LessonPair[],
  { most, signal, onProgress }: Pick<EvidenceOptions, 'signal' | 'onProgress'> & { most: number },
): Promise<PickedPhotos> {
  const index = indexLearned(await readLists(database))
  if (index.size === 0) return { taken: spread(pairs, most), learned: 0 }
  const { known, embed } = await readLibraryEvidence(database, pairs)
  const isLearned = ({ image }: LessonPair) => index.has(known.get(image)?.content ?? null, null)
  const learned = pairs.filter(isLearned)
  const sample = spread(
    pairs.filter((pair) => !isLearned(pair)),
    most,
  )
  // Beside the sample all that was learned from, as links to it tell what else to leave out. How
  // these look is in the models' lists.
  const looked = [...sample, ...learned].map(toTrainingPair)
  const evidence = await gatherEvidence(looked, {
    signal,
    known,
    embed,
    lookAt: (i) => i < sample.length,
    onProgress,
  })
  const { components } = await linkPictures({ pairs: looked, evidence }, signal)
  const seen = learnedComponents(components, evidence, index)
  const taken = sample.filter((_, i) => !seen.has(components[i]!))
  return {
    taken: taken.length < leastMeasured ? [] : taken,
    learned: learned.length + sample.length - taken.length,
  }
}

/** Of models that are there; one that is not cannot be measured either. */
async function readLists({ models }: Database): Promise<(LearnedPictures | null)[]> {
  const lists: (LearnedPictures | null)[] = []
  for (const { path } of await models.list()) {
    const model = await openModelDirectory(path).catch(() => null)
    if (model !== null) lists.push(await readLearned(model))
  }
  return lists
}
