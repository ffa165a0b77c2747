/** Writes a model that was made by changing another one. */
import type { TrainingSpec } from '../../../../shared/domain/training.js'
import { inheritLearned } from '../../clip/modelDirectory/learnedPictures.js'
import { readCompanions } from '../../clip/modelDirectory/writeModelDirectory.js'
import type { ModelDirectory } from '../../clip/modelDirectory.js'
import type { Graph } from '../../onnx/graph.js'
import type { QuantizedTowers } from '../precision/judgeInt8.js'
import { writeTrainedModel } from '../precision/writeTrainedModel.js'
import type { MethodContext, TrainingEnd, TrainingReport } from './method.js'
import type { LogitScalars } from './trainedWeights.js'

export interface TunedModel {
  readonly context: Pick<MethodContext, 'run' | 'pairs' | 'signal' | 'onEvent'>
  readonly parent: ModelDirectory
  readonly vision: Graph
  readonly text: Graph
  /** What the run has learned of them; null where the model is as it was. */
  readonly scalars: LogitScalars | null
  readonly method: TrainingSpec['method']
  /** What search may take: the rounded encoders unless given; null where 8 bits should not be tried. */
  readonly quantized?: QuantizedTowers | null
}

/** Writes the model directory to `folder`, with all that the parent says of itself. */
export async function writeTunedModel(
  folder: string,
  { context, parent, vision, text, scalars, method, ...precision }: TunedModel,
  trainingReport: TrainingReport,
  end: TrainingEnd,
): Promise<ModelDirectory> {
  const { embeddingDim, imagePooledDim, textPooledDim, contextLength, manifest } = parent
  const { logitScale, logitBias } = scalars ?? parent
  const changesPictures = method === 'full' && context.run.spec.tower !== 'text'
  const parts = {
    vision,
    text,
    companions: await readCompanions(parent),
    card: {
      name: context.run.name,
      parent: parent.id,
      createdAt: new Date().toISOString(),
      embeddingDim,
      imagePooledDim,
      textPooledDim,
      imageSize: parent.preprocess.width,
      contextLength,
      logitScale,
      logitBias,
      licence: manifest?.licence ?? null,
      architecture: manifest?.architecture ?? null,
      // Where all of an image encoder changes, so does what leads to them, with nothing to hold them right.
      objects: changesPictures ? null : (manifest?.objects ?? null),
      method,
      trainingReport,
      learnedPictures: inheritLearned(parent),
    },
  }
  const unchanged = scalars === null
  return writeTrainedModel(folder, parts, { context, ...end, ...precision, unchanged })
}
