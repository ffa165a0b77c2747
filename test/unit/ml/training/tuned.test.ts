import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { readModelFile } from '../../../../main/ml/onnx/readModel.js'
import { evaluateModel } from '../../../../main/ml/training/evaluateModel.js'
import { openBestWeights } from '../../../../main/ml/training/methods/bestWeights.js'
import type {
  RetrievalReport,
  TrainingEvent,
  TrainingPair,
} from '../../../../shared/domain/training.js'
import type { TinyRun } from './tinyCollection.js'
import { followTinyRun as follow, tinyRunsForFile } from './tinyRuns.js'

const tinyRun = tinyRunsForFile()
let parent: TinyRun
beforeAll(async () => {
  parent = await tinyRun({ epochs: 6 })
  await follow(parent.workFolder)
})

const tuned = {
  arch: null,
  emaDecay: 0,
  validation: 0.16,
  batchSize: 16,
  microBatchSize: 16,
  epochs: 30,
  augment: false,
} as const
const deep = { ...tuned, method: 'deep', learningRate: 1e-2 } as const
const full = { ...tuned, method: 'full', learningRate: 1e-3 } as const

/** What `deep` puts in place of an encoder's last weight. */
const lastWeight = { gone: ['projection.weight'], added: ['adapted/bias', 'adapted/weight'] }
const sameNames: typeof lastWeight = { gone: [], added: [] }

/** Weights of an encoder that differ between two models, those that are gone among them. */
async function changed(
  before: string,
  after: string,
  file: 'visionPath' | 'textPath',
  { gone, added } = sameNames,
) {
  const [old, tunedModel] = [await openModelDirectory(before), await openModelDirectory(after)]
  const [a, b] = [await readModelFile(old[file]), await readModelFile(tunedModel[file])]
  expect(b.nodes.length).toBe(a.nodes.length)
  const [oldNames, newNames] = [a, b].map(({ initializers }) => [...initializers.keys()].sort())
  expect(oldNames!.filter((name) => !b.initializers.has(name))).toEqual(gone)
  expect(newNames!.filter((name) => !a.initializers.has(name))).toEqual(added)
  return [...a.initializers].flatMap(([name, tensor]) => {
    const now = b.initializers.get(name)
    return now && Buffer.compare(bytes(tensor.data), bytes(now.data)) === 0 ? [] : [name]
  })
}

function bytes(data: ArrayBufferView): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

function lossesOf(events: readonly TrainingEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
}

describe('deep', () => {
  it('learns from pictures without captions beside those that have some', async () => {
    const some = (pair: TrainingPair, i: number): TrainingPair =>
      i % 6 < 2 ? { ...pair, captions: [] } : pair
    const views = { name: 'nt-xent', temperature: 0.2 } as const
    const learnFrom = { kind: 'both', loss: views, weight: 0.5 } as const
    const changes = { ...deep, learnFrom, from: parent.out, blend: 1, microBatchSize: 32 } as const
    const run = await tinyRun(changes, [], some)
    const losses = lossesOf(await follow(run.workFolder))
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)))
    expect(await changed(parent.out, run.out, 'visionPath', lastWeight)).not.toEqual([])
    expect(await changed(parent.out, run.out, 'textPath', lastWeight)).not.toEqual([])
  })

  it('learns low-rank changes and a last layer, and merges them into a copy of the same graph', async () => {
    const run = await tinyRun({ ...deep, from: parent.out, blend: 1 })
    const events = await follow(run.workFolder)
    const losses = lossesOf(events)
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.9)
    const attention = ['query', 'key', 'value'].map((role) => `attention.${role}.weight`)
    for (const file of ['visionPath', 'textPath'] as const) {
      const names = await changed(parent.out, run.out, file, lastWeight)
      expect(names).toHaveLength(4)
      for (const end of [...attention, 'projection.weight'])
        expect(names.some((name) => name.endsWith(end))).toBe(true)
    }
    const model = await openModelDirectory(run.out)
    expect(model.manifest).toMatchObject({ method: 'deep', trainingReport: { blend: 1 } })
    // What was measured while training is what the merged model does.
    const heldOut = run.pairs.filter((_, i) => i % 6 === 5)
    const { signal } = new AbortController()
    const saved = await evaluateModel(model, heldOut, { signal })
    expect(events.at(-1)).toMatchObject({ type: 'finished', heldOut: saved.report })
  })

  it('takes the same steps in parts of a batch as at once', async () => {
    const spec = { ...deep, from: parent.out, epochs: 3 }
    const whole = await follow((await tinyRun(spec)).workFolder)
    const parts = await follow((await tinyRun({ ...spec, microBatchSize: 5 })).workFolder)
    expect(lossesOf(whole)).toHaveLength(3)
    lossesOf(whole).forEach((loss, i) => {
      expect(lossesOf(parts)[i]!).toBeCloseTo(loss, 4)
    })
  })

  it('chooses a share of the change by validation pairs, and tells what each share did', async () => {
    const run = await tinyRun({ ...deep, from: parent.out })
    await follow(run.workFolder)
    const { trainingReport } = (await openModelDirectory(run.out)).manifest!
    const blends = trainingReport!.blends as { blend: number; textToImage: { mrr: number } }[]
    expect(blends.map(({ blend }) => blend)).toContain(trainingReport!.blend)
    expect(blends[0]!.blend).toBe(0)
    expect(blends.at(-1)!.blend).toBe(1)
  })

  it('goes on after an interruption from the values it has computed', async () => {
    const run = await tinyRun({ ...deep, from: parent.out, epochs: 4 })
    await follow(run.workFolder, 'step')
    const path = join(run.workFolder, 'features', 'train-images.bin')
    const { mtimeMs } = await stat(path)
    const events = await follow(run.workFolder, 'step')
    expect(events.find(({ type }) => type === 'started')).toMatchObject({ resumedAtStep: 1 })
    expect((await stat(path)).mtimeMs).toBe(mtimeMs)
    await follow(run.workFolder)
    expect((await openModelDirectory(run.out)).manifest!.method).toBe('deep')
  })
})

/** How well pictures and words are found that a run chooses by: what the best weights are told by. */
function scoreOf({ textToImage, imageToText }: RetrievalReport): number {
  return textToImage.mrr + imageToText.mrr
}

function validationScores(events: readonly TrainingEvent[]): number[] {
  return events.flatMap((event) =>
    event.type === 'evaluated' && event.part === 'validation' ? [scoreOf(event.report)] : [],
  )
}

async function validationScoreOf(run: TinyRun): Promise<number> {
  const validation = run.pairs.filter((_, i) => i % 6 === 4)
  const { signal } = new AbortController()
  return scoreOf(
    (await evaluateModel(await openModelDirectory(run.out), validation, { signal })).report,
  )
}

describe('the best weights', () => {
  /** A rate at which it soon gets worse. */
  const wild = { blend: 1, learningRate: 0.05, schedule: 'constant', patience: 1_000 } as const

  it.each([
    ['deep', { ...deep, ...wild }],
    ['full', { ...full, ...wild }],
  ] as const)('of %s are saved, not the last ones, also after an interruption', async (_, spec) => {
    const whole = await tinyRun({ ...spec, from: parent.out })
    const scores = validationScores(await follow(whole.workFolder))
    expect(scores.at(-1)!).toBeLessThan(Math.max(...scores) - 0.05)
    expect(await validationScoreOf(whole)).toBeCloseTo(Math.max(...scores), 5)

    const broken = await tinyRun({ ...spec, from: parent.out })
    const before = validationScores(await follow(broken.workFolder, 'step', 20))
    expect((await openBestWeights(broken.workFolder)).score).toBe(Math.max(...before))
    const after = validationScores(await follow(broken.workFolder))
    const best = Math.max(...before, ...after)
    expect(after.at(-1)!).toBeLessThan(best - 0.05)
    expect(await validationScoreOf(broken)).toBeCloseTo(best, 5)
  })

  it('end a run that finds nothing better, however often it is interrupted', async () => {
    const spec = { ...full, ...wild, patience: 5, epochs: 100 } as const
    const whole = await tinyRun({ ...spec, from: parent.out })
    const unbroken = await follow(whole.workFolder)
    const steps = lossesOf(unbroken).length
    expect(steps).toBeLessThan(100)
    const broken = await tinyRun({ ...spec, from: parent.out })
    for (let i = 0; i < 6; i++) await follow(broken.workFolder, 'started')
    expect(lossesOf(await follow(broken.workFolder))).toHaveLength(steps)
  })
})

describe('full', () => {
  it('changes every weight', async () => {
    const run = await tinyRun({ ...full, from: parent.out, blend: 1, augment: true })
    const events = await follow(run.workFolder)
    const losses = lossesOf(events)
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.9)
    const model = await openModelDirectory(run.out)
    const names = await changed(parent.out, run.out, 'visionPath')
    const graph = await readModelFile(model.visionPath)
    const floats = [...graph.initializers].filter(
      ([, { type, data }]) => type === 'float32' && data.length > 1,
    )
    expect(names.sort()).toEqual(floats.map(([name]) => name).sort())
    expect(await changed(parent.out, run.out, 'textPath')).not.toContain('causal_mask')
  })

  it('leaves the other encoder as it is', async () => {
    const run = await tinyRun({ ...full, from: parent.out, tower: 'text', blend: 0.5 })
    const events = await follow(run.workFolder)
    expect(lossesOf(events).at(-1)!).toBeLessThan(lossesOf(events)[0]!)
    expect(await changed(parent.out, run.out, 'visionPath')).toEqual([])
    expect((await changed(parent.out, run.out, 'textPath')).length).toBeGreaterThan(5)
    const [old, model] = [await openModelDirectory(parent.out), await openModelDirectory(run.out)]
    const file = 'onnx/vision_model.onnx'
    expect(model.files[file]!.sha256).toBe(old.files[file]!.sha256)
  })
})
