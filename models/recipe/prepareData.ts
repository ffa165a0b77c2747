/** Makes everything that training needs from the fetched packages: corpus, split, features, words. */
import { join } from 'node:path'
import type { Picture } from './corpus/picture.js'
import { laterCollections, readCorpus, redrawnCollections } from './corpus/readCorpus.js'
import { isSceneThing } from './corpus/sceneCaptions.js'
import { type ComputedFeatures, computeFeatures } from './features/computeFeatures.js'
import type { PixelFacts } from './features/computeGroups.js'
import { workFolder } from './folders.js'
import { assignParts, holdOutAgain, type Part } from './split/assignParts.js'
import { type Duplicate, findDuplicates } from './split/findDuplicates.js'
import { findRenamedIcons, type RenamedIcon } from './split/findRenamedIcons.js'
import { manifestHash } from './split/manifestHash.js'
import { buildDataset, type Dataset } from './training/dataset.js'
import { buildVocabulary, type Vocabulary } from './training/vocabulary.js'
import { buildLexicon, joinVectors } from './words/lexicon.js'
import { mixKinds } from './words/mixKinds.js'
import { readWordNet, type WordNet } from './words/wordNet.js'
import { chooseWordVectors } from './words/wordVectors.js'

/** The corpus and its split, known before any picture is decoded. */
export interface SplitCorpus {
  readonly wordNet: WordNet
  /** Without those that are neither trained on nor asked for. */
  readonly pictures: readonly Picture[]
  readonly parts: readonly Part[]
  /** Pictures of held-out concepts by other hands, which nothing is trained or tested on. */
  readonly setAside: readonly Picture[]
  readonly manifest: string
}

export async function splitCorpus(): Promise<SplitCorpus> {
  const wordNet = await readWordNet()
  const all = await readCorpus(wordNet)
  const allParts = assignParts(all)
  const isUsed = (_: unknown, i: number) =>
    allParts[i] !== 'unused' && !redrawnCollections.has(all[i]!.collection)
  const published = (_: unknown, i: number) => !laterCollections.has(all[i]!.collection)
  const pictures = all.filter(isUsed)
  return {
    wordNet,
    pictures,
    parts: allParts.filter(isUsed),
    setAside: all.filter((_, i) => allParts[i] === 'unused'),
    manifest: manifestHash(all.filter(published), allParts.filter(published)),
  }
}

export interface StarterData extends SplitCorpus {
  readonly features: ComputedFeatures
  readonly duplicates: readonly Duplicate[]
  readonly renamed: readonly RenamedIcon[]
  readonly dataset: Dataset
  readonly vocabulary: Vocabulary
}

export interface DataOptions {
  /** Holds other pictures out than those that figures are published of, to choose settings by. */
  readonly validation: boolean
  readonly report: (line: string) => void
  readonly signal?: AbortSignal
}

/** Pictures that the scale of the features is measured on. */
const sampleSize = 250

/** Computes what is not there yet; can be broken off and run again. */
export async function prepareData({
  validation,
  report,
  signal,
}: DataOptions): Promise<StarterData> {
  const corpus = await splitCorpus()
  const { pictures, wordNet } = corpus
  const parts = validation ? holdOutAgain(pictures, corpus.parts) : corpus.parts
  const training = parts.flatMap((part, i) => (part === 'training' ? [i] : []))
  const every = Math.floor(training.length / sampleSize)
  const renamed = await findRenamedIcons(
    training.map((i) => pictures[i]!),
    corpus.setAside,
  )
  const isClean = (facts: readonly PixelFacts[]) => {
    const duplicates = findDuplicates(parts, facts)
    const left = new Set(duplicates.map(({ training: picture }) => pictures[picture]!.id))
    for (const { id } of renamed) left.add(id)
    const isTraining = (i: number) => parts[i] === 'training' && !left.has(pictures[i]!.id)
    return { duplicates, isTraining }
  }
  const features = await computeFeatures(pictures, {
    folder: join(workFolder, 'features'),
    scenes: validation ? 'validation-scenes' : 'scenes',
    sample: training.filter((_, i) => i % every === 0),
    report: (done, total) => report(`seen by the backbone: ${done} of ${total}`),
    mayStandInScenes: (facts) => {
      const { isTraining } = isClean(facts)
      return training.filter(
        (i) => isTraining(i) && facts[i] !== null && isSceneThing(pictures[i]!, wordNet),
      )
    },
    ...(signal ? { signal } : {}),
  })
  const { duplicates, isTraining } = isClean(features.facts)
  report(`${duplicates.length} training pictures look like held-out ones and are left out`)
  report(`${renamed.length} icons look like held-out concepts and are left out`)
  const { facts, scenes, rounds } = features
  const dataset = buildDataset({ pictures, facts, isTraining, scenes, rounds, wordNet })
  const english = dataset.captions.flatMap(({ text, foreign }) => (foreign ? [] : [text]))
  const vectors = mixKinds(await chooseWordVectors(english, wordNet, workFolder), wordNet)
  const texts = dataset.captions.map(({ text }) => text)
  const lexicon = buildLexicon(pictures, vectors)
  const vocabulary = buildVocabulary(texts, joinVectors(vectors, lexicon))
  report(
    `${dataset.items.length} pictures (some counted more than once) and ${texts.length} captions ` +
      `to train on; ${lexicon.size} words of other languages`,
  )
  return { ...corpus, parts, features, duplicates, renamed, dataset, vocabulary }
}
