/** The methods that change the inside of an existing model's encoders: `deep` and `full`. */
import type { TrainingSpec } from '../../../../../shared/domain/training.js'
import type { Towers } from '../../../clip/builder/buildTowers.js'
import type { ModelDirectory } from '../../../clip/modelDirectory.js'
import { loadTokenizer } from '../../../clip/tokenizer/loadTokenizer.js'
import { evaluatePairs } from '../../evaluatePairs.js'
import { openPairEmbedder } from '../../features/pairEmbedder.js'
import { mergePairs } from '../../sampling/mergePairs.js'
import { buildCaptionTable } from '../../sources/captionTable.js'
import { createBatches } from '../../sources/table.js'
import type { ContrastiveStep } from '../../step/contrastiveStep.js'
import type { MethodContext, PreparedTraining, TrainingMethod } from '../method.js'
import { openParent } from '../parentModel.js'
import { sampleCosines } from '../sampleCosines.js'
import { startingScalars } from '../startingScalars.js'
import { readTunableGraphs, type TunableGraph, type TunableGraphs } from '../tunableGraphs.js'
import { createValidationWatch } from '../validationWatch.js'
import { finishTuned, type TunedTowers } from './finishTuned.js'
import { fitToMemory } from './fitToMemory.js'
import { openImageSide } from './imageSide.js'
import { openTextSide } from './textSide.js'
import { frozenTower, type TunedTower } from './tunedTower.js'

/** How a method changes one encoder, whose file is at `path`. */
type MakeTower = (graph: TunableGraph, spec: TrainingSpec, path: string) => TunedTower

/** A method of this kind. */
export function createTuning(make: MakeTower): TrainingMethod {
  return async (context) => {
    const { spec } = context.run
    const model = await openParent(spec)
    const graphs = await readTunableGraphs(model)
    const tuned = makeTowers(model, graphs, spec, make)
    const parent = await measureParent(context, model)
    return prepare(context, model, tuned, parent)
  }
}

function makeTowers(
  model: ModelDirectory,
  graphs: TunableGraphs,
  spec: TrainingSpec,
  make: MakeTower,
): TunedTowers {
  const side = (name: 'image' | 'text', path: string) => {
    const isTuned = spec.tower === 'both' || spec.tower === name
    return isTuned ? make(graphs[name], spec, path) : frozenTower(graphs[name])
  }
  return { image: side('image', model.visionPath), text: side('text', model.textPath) }
}

type Parent = Pick<PreparedTraining, 'before'> & {
  readonly scalars: Pick<Towers, 'logitScaleInit' | 'logitBiasInit'>
}

/** What the model does before it is changed; its encoders are closed again, as they take memory. */
async function measureParent(
  { run, pairs, signal }: MethodContext,
  model: ModelDirectory,
): Promise<Parent> {
  const { device, threads, loss } = run.spec
  const encoders = await openPairEmbedder(model, { device, threads, unnormalized: true, signal })
  try {
    const { report: before } = await evaluatePairs(pairs.heldOut, encoders, signal)
    const cosines = () => sampleCosines(pairs.train, encoders)
    return { before, scalars: await startingScalars(model, loss, cosines) }
  } finally {
    await encoders.dispose()
  }
}

async function prepare(
  context: MethodContext,
  model: ModelDirectory,
  tuned: TunedTowers,
  { before, scalars }: Parent,
): Promise<PreparedTraining> {
  const { pairs, run } = context
  const { spec } = run
  const tokenizer = await loadTokenizer(model.path)
  const image = await openImageSide({ context, model, tower: tuned.image })
  try {
    const items = image.items
    const captions = buildCaptionTable(items)
    const text = await openTextSide(
      { context, model, tower: tuned.text, tokenizer },
      captions.texts,
    )
    const towers: Towers = { image: image.tower, text: text.tower, ...scalars }
    const embedder = (step: ContrastiveStep, weights: Parameters<ContrastiveStep['embed']>[2]) => ({
      images: image.embedder(step, weights),
      texts: text.embedder(step, weights),
    })
    const watch = await createValidationWatch(context, (step) => embedder(step, 'average'))
    return {
      towers,
      source: createBatches(spec, {
        captions,
        images: image.inputs,
        texts: text.inputs,
        batchSize: spec.batchSize,
        sampling: spec.sampling,
        seed: spec.seed,
        ahead: 1,
      }),
      microBatchSize: fitToMemory([image, text], spec.microBatchSize),
      pairs: items.length,
      heldOut: mergePairs(pairs.heldOut).length,
      skipped: image.skipped,
      state: null,
      before,
      watch,
      finish: async (step) =>
        finishTuned({
          context,
          model,
          tuned,
          towers,
          tokenizer,
          before,
          weights: (await watch?.best()) ?? step.emaParameters,
          validation: (weights) => embedder(step, weights),
        }),
      async dispose() {
        await image.dispose()
        await text.dispose()
      },
    }
  } catch (error) {
    await image.dispose()
    throw error
  }
}
