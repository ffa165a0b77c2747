/** What a model knows of the pictures' labels: by words alone, by neighbours, and by a linear layer. */
import type { LabelReport } from '../../../../shared/domain/evaluation.js'
import type { OpenPairEmbedder } from '../features/pairEmbedder.js'
import { type Predictions, reportClasses } from '../metrics/labels/classMetrics.js'
import { nearestClass } from '../metrics/labels/nearestClass.js'
import { nearestLabelAccuracy } from '../metrics/nearestLabel.js'
import { type EmbeddingMatrix, rankRelevant } from '../metrics/ranks.js'
import { summariseRanking } from '../metrics/retrieval.js'
import { embedWords } from './embedSet.js'
import { type Labelled, pickRows } from './labelled.js'
import { averagePrompts, labelPrompts } from './labelPrompts.js'
import { type ProbeResult, probeLinearly } from './linearProbe.js'
import type { ProbeSplit } from './probeSplit.js'

export interface LabelTask {
  readonly labelled: Labelled
  /** A label as it is said in a sentence. */
  readonly wordsOf: (label: string) => string
  /** The same for every model. */
  readonly split: ProbeSplit
}

export interface MeasuredLabels {
  readonly report: LabelReport
  readonly zeroShot: Predictions
  /** Null where too few pictures are left to train or to test on. */
  readonly probe: Predictions | null
}

/** @param images of the whole measured set, rows of unit length */
export async function measureLabels(
  { labelled, wordsOf, split }: LabelTask,
  images: EmbeddingMatrix,
  embedder: Pick<OpenPairEmbedder, 'texts'>,
  signal?: AbortSignal,
): Promise<MeasuredLabels> {
  const { labels, truth, clusters, rows } = labelled
  const own = pickRows(images, rows)
  const prompts = await embedWords(labelPrompts(labels.map(wordsOf)), embedder)
  const classes = averagePrompts(prompts)
  const zeroShot = { labels, truth, clusters, predicted: nearestClass(own, classes, truth) }
  const picturesOf = labels.map((_, k) => [...truth.keys()].filter((i) => truth[i] === k))
  const enough = split.train.length > 0 && split.test.length > 0
  const probed = enough ? await probeLinearly(own, truth, labels.length, split, signal) : null
  const probe = probed && testPredictions(labelled, split, probed)
  return {
    zeroShot,
    probe,
    report: {
      zeroShot: reportClasses(zeroShot),
      labelToImage: summariseRanking(await rankRelevant(classes, own, picturesOf, signal)),
      nearest: nearestLabelAccuracy(
        own,
        [...truth].map((k) => labels[k]),
      ),
      linearProbe: probe && {
        ...reportClasses(probe),
        trainedOn: split.train.length + split.validation.length,
        l2: probed!.l2,
      },
    },
  }
}

function testPredictions(
  { labels, truth, clusters }: Labelled,
  { test }: ProbeSplit,
  { predicted }: ProbeResult,
): Predictions {
  return {
    labels,
    truth: Int32Array.from(test, (i) => truth[i]!),
    clusters: Int32Array.from(test, (i) => clusters[i]!),
    predicted,
  }
}
