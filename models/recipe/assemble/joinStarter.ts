/** Makes one starter of its members: finds the directions that they share, and writes the whole. */
import { logitScaleName } from '../../../main/ml/training/losses/scalars.js'
import { trainedGraph } from '../../../main/ml/training/methods/trainedWeights.js'
import type { Embedders } from '../evaluation/heldOutFigures.js'
import { embedInRows } from '../evaluation/jointEmbedders.js'
import type { StarterData } from '../prepareData.js'
import type { TrainedTowers } from '../training/trainTowers.js'
import { joinMembers } from './joinMembers.js'
import { type Directions, leadingDirections } from './leadingDirections.js'
import { writeStarter } from './writeStarter.js'

/** The text towers' frozen word vectors. */
const wordTable = 'token_embedding'
/** Pictures, and captions, that directions are found from: sixteen of each for every direction. */
const sampleSize = 4_000

export interface JoinedStarter {
  readonly directions: Directions
  /** Writes the model and returns its id. */
  write(folder: string, workFolder: string, report: Record<string, unknown>): Promise<string>
}

/** @param embedders the members', in their order */
export async function joinStarter(
  members: readonly TrainedTowers[],
  embedders: readonly Embedders[],
  { dataset, pictures, vocabulary, features }: StarterData,
): Promise<JoinedStarter> {
  const { architecture } = members[0]!
  const rows = embedInRows(embedders)
  const trained = dataset.items.filter(({ feature }) => feature < pictures.length)
  const seen = everySo(trained, sampleSize).map(({ feature }) => feature)
  const said = everySo(dataset.captions, sampleSize).map(({ text }) => text)
  const directions = leadingDirections(
    [await rows.pictures(seen), await rows.texts(said)],
    rows.dim,
    architecture.embeddingDim,
  )
  const join = (side: 'image' | 'text', shared: readonly string[]) =>
    joinMembers(
      members.map(({ step, towers }) => trainedGraph(step, side, towers[side])),
      { output: `${side}_embeds`, shared, directions },
    )
  return {
    directions,
    write: (folder, workFolder, trainingReport) =>
      writeStarter(folder, workFolder, {
        head: join('image', []),
        text: join('text', [wordTable]),
        logitScale: jointScale(members),
        architecture,
        vocabulary,
        statistics: features.statistics,
        trainingReport,
      }),
  }
}

/** As the joint cosine is the mean of the members', its scale is the mean of theirs. */
function jointScale(members: readonly TrainedTowers[]): number {
  const scales = members.map(({ step }) => Math.exp(step.emaParameters.get(logitScaleName)![0]!))
  return Math.log(scales.reduce((sum, scale) => sum + scale, 0) / scales.length)
}

/** About `count` of the values, from all over the list. */
function everySo<T>(values: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(values.length / count))
  return values.filter((_, i) => i % step === 0)
}
