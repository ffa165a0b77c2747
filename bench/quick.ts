/** How long the method `quick` trains once the features are cached. */
import { z } from 'zod'
import { buildAdapterTowers } from '../main/ml/clip/builder/adapters/adapterTowers.js'
import { measureGemmPeak } from '../main/ml/runtime/gemmPeak.js'
import { createLoss } from '../main/ml/training/losses/table.js'
import { pairObjective } from '../main/ml/training/objectives/pairs.js'
import { createRandom, type Random } from '../main/ml/training/random.js'
import { schedules } from '../main/ml/training/schedules/table.js'
import { buildCaptionTable } from '../main/ml/training/sources/captionTable.js'
import { type FeatureTable, pickRows } from '../main/ml/training/sources/featureRows.js'
import { createPairBatches } from '../main/ml/training/sources/pairBatches.js'
import { createContrastiveStep } from '../main/ml/training/step/contrastiveStep.js'
import { makeStopRule } from '../main/ml/training/stopRule.js'
import { runContrastiveTraining } from '../main/ml/training/trainLoop.js'
import { completeTrainingSpec } from '../main/tuning/trainingDefaults.js'
import type { Benchmark, Row } from './benchmark.js'
import { numberList } from './numberList.js'

const settingsSchema = z.strictObject({
  pairs: z.coerce.number().int().min(10).default(10_000),
  dims: numberList('256,512', 1),
})

const peakSeconds = 4

export const quickBenchmark: Benchmark = {
  name: 'quick',
  describe:
    'Training the residual adapters of `semblance train --method quick` with its default epochs and batch, on random features that stand in for cached ones. The GEMM peak beside it, measured before and after, tells how fast the machine was just then.',
  async run(settings) {
    const { pairs, dims } = settingsSchema.parse(settings)
    const spec = completeTrainingSpec({ method: 'quick', from: 'any' })
    const rows: Row[] = []
    for (const dim of dims) rows.push(await measure(pairs, dim, spec))
    return { parameters: { pairs, epochs: spec.epochs ?? 0, batchSize: spec.batchSize }, rows }
  },
}

type Spec = ReturnType<typeof completeTrainingSpec>

async function measure(pairs: number, dim: number, spec: Spec): Promise<Row> {
  const before = await measureGemmPeak({ threads: spec.threads, seconds: peakSeconds })
  const seconds = await train(pairs, dim, spec)
  const after = await measureGemmPeak({ threads: spec.threads, seconds: peakSeconds })
  return {
    pairs,
    dim,
    seconds: Number(seconds.toFixed(1)),
    'pairs/s': Math.round((pairs * (spec.epochs ?? 0)) / seconds),
    'GEMM peak GFLOP/s': Math.round((before + after) / 2),
  }
}

async function train(pairs: number, dim: number, spec: Spec): Promise<number> {
  const random = createRandom(spec.seed)
  const [images, texts] = [makeFeatures(pairs, dim, random), makeFeatures(pairs, dim, random)]
  const items = Array.from({ length: pairs }, (_, i) => ({ captions: [`caption ${i}`] }))
  const source = createPairBatches({
    captions: buildCaptionTable(items),
    images: async (rows) => pickRows(images, rows),
    texts: (rows) => pickRows(texts, rows),
    batchSize: spec.batchSize,
    sampling: spec.sampling,
    seed: spec.seed,
    ahead: 1,
  })
  const startedAt = performance.now()
  const step = await createContrastiveStep({
    ...spec,
    towers: buildAdapterTowers({
      head: 'linear',
      seed: spec.seed,
      imageDim: dim,
      textDim: dim,
      logitScaleInit: Math.log(50),
    }),
    objective: pairObjective(createLoss(spec.loss)),
    microBatchSize: spec.batchSize,
  })
  try {
    await runContrastiveTraining(
      {
        ...spec,
        source,
        step,
        schedule: schedules[spec.schedule],
        stop: makeStopRule(spec, source.batchesPerEpoch),
        from: { step: 0, elapsedMs: 0 },
      },
      { signal: new AbortController().signal, onEvent() {} },
    )
    return (performance.now() - startedAt) / 1000
  } finally {
    await step.dispose()
  }
}

/** Random rows of about unit length. */
function makeFeatures(rows: number, dim: number, random: Random): FeatureTable {
  const scale = Math.sqrt(3 / dim)
  const data = Float32Array.from({ length: rows * dim }, () => random.between(-scale, scale))
  return { rowDims: [dim], data }
}
