import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { writeCheckpoint } from '../../../../main/ml/training/checkpoint/checkpointFile.js'
import { evaluateModel } from '../../../../main/ml/training/evaluateModel.js'
import { isAppError } from '../../../../shared/errors.js'
import type { TinyRun } from './tinyCollection.js'
import { followTinyRun as follow, tinyRunsForFile } from './tinyRuns.js'

const tinyRun = tinyRunsForFile()
let parent: TinyRun
beforeAll(async () => {
  parent = await tinyRun({ epochs: 6 })
  await follow(parent.workFolder)
})

const quick = {
  method: 'quick',
  validation: 0.16,
  arch: null,
  learningRate: 5e-3,
  emaDecay: 0,
  batchSize: 21,
  epochs: 150,
  augment: false,
} as const

describe('quick', () => {
  it('improves the model it starts from and merges that into a copy', async () => {
    const bad = { image: '/nowhere/picture.png', captions: ['nothing'] }
    const run = await tinyRun({ ...quick, from: parent.out }, [bad])
    const events = await follow(run.workFolder)
    const started = events.find((event) => event.type === 'started')
    expect(started?.skipped.map((file) => file.path)).toEqual([bad.image])
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.9)

    const [old, tuned] = [await openModelDirectory(parent.out), await openModelDirectory(run.out)]
    expect(tuned.manifest!.parent).toBe(old.id)
    expect(tuned.embeddingDim).toBe(old.embeddingDim)
    const { signal } = new AbortController()
    const train = run.pairs.filter((_, i) => i % 6 !== 5)
    const [before, after] = [
      await evaluateModel(old, train, { signal }),
      await evaluateModel(tuned, train, { signal }),
    ]
    expect(after.report.textToImage.mrr).toBeGreaterThan(before.report.textToImage.mrr)
    // What was measured while training is what the merged model does.
    const heldOut = run.pairs.filter((_, i) => i % 6 === 5)
    const finished = events.at(-1)
    const saved = await evaluateModel(tuned, heldOut, { signal })
    expect(finished).toMatchObject({ type: 'finished', modelId: tuned.id, heldOut: saved.report })
    const unchanged = await evaluateModel(old, heldOut, { signal })
    expect(finished).toMatchObject({ before: unchanged.report })
    const sizes = [old, tuned].map((model) => stat(model.visionPath))
    const [oldStat, tunedStat] = await Promise.all(sizes)
    expect(Math.abs(tunedStat!.size - oldStat!.size)).toBeLessThan(1000)
  })

  it('learns by an adapter with a hidden layer, and from what it made', async () => {
    const first = await tinyRun({ ...quick, head: 'mlp', epochs: 40, blend: 0.5, from: parent.out })
    const events = await follow(first.workFolder)
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.9)
    const heldOut = first.pairs.filter((_, i) => i % 6 === 5)
    const tuned = await openModelDirectory(first.out)
    const saved = await evaluateModel(tuned, heldOut, { signal: new AbortController().signal })
    expect(events.at(-1)).toMatchObject({ type: 'finished', heldOut: saved.report })
    const second = await tinyRun({ ...quick, head: 'mlp', epochs: 5, from: first.out })
    expect((await follow(second.workFolder)).at(-1)).toMatchObject({ before: saved.report })
  })

  it('finds the logit scale of a model that does not tell it', async () => {
    const run = await tinyRun({ ...quick, from: '', epochs: 1 })
    const foreign = join(run.folder, 'foreign')
    await cp(parent.out, foreign, { recursive: true })
    await rm(join(foreign, 'semblance.json'))
    const configPath = join(foreign, 'config.json')
    const config = JSON.parse(await readFile(configPath, 'utf8'))
    await writeFile(configPath, JSON.stringify({ ...config, logit_scale_init_value: 0 }))
    const runPath = join(run.workFolder, 'run.json')
    const file = JSON.parse(await readFile(runPath, 'utf8'))
    await writeFile(runPath, JSON.stringify({ ...file, spec: { ...file.spec, from: foreign } }))
    const [first] = (await follow(run.workFolder)).filter((event) => event.type === 'step')
    expect(first!.logitScale).toBeGreaterThan(2)
  })

  it('records the scale and bias of the logistic loss, and goes on from them', async () => {
    const loss = { name: 'logistic', temperature: null } as const
    const shared = { ...quick, loss, validation: 0, learningRate: 1e-3 }
    const first = await tinyRun({ ...shared, epochs: 20, from: parent.out })
    await follow(first.workFolder)
    const { logitScale, logitBias } = await openModelDirectory(first.out)
    expect(logitBias).not.toBe(-10)
    const second = await tinyRun({ ...shared, epochs: 1, from: first.out })
    const [step] = (await follow(second.workFolder)).filter((event) => event.type === 'step')
    expect(step!.logitScale).toBeCloseTo(Math.exp(logitScale), 1)
    expect((await openModelDirectory(second.out)).logitBias).toBeCloseTo(logitBias!, 1)
  })

  it('keeps features over an interruption, and computes damaged ones anew', async () => {
    const run = await tinyRun({ ...quick, from: parent.out })
    await follow(run.workFolder, 'step')
    const folder = join(run.workFolder, 'features', 'train-images')
    expect(await readdir(folder)).toEqual(['0.bin'])
    const { mtimeMs } = await stat(join(folder, '0.bin'))
    await follow(run.workFolder, 'step')
    expect((await stat(join(folder, '0.bin'))).mtimeMs).toBe(mtimeMs)
    await writeCheckpoint(join(folder, '0.bin'), { state: null, tensors: new Map() })
    await follow(run.workFolder)
    expect((await openModelDirectory(run.out)).manifest!.method).toBe('quick')
  })

  it('measures on validation pairs while it learns, and ends when that gets no better', async () => {
    const run = await tinyRun({ ...quick, from: parent.out, learningRate: 0.5, epochs: 2_000 })
    const events = await follow(run.workFolder)
    const measured = events.flatMap((event) => (event.type === 'evaluated' ? [event] : []))
    expect(measured.at(0)).toMatchObject({ part: 'validation', step: 0 })
    expect(measured.at(-1)).toMatchObject({ part: 'heldOut' })
    expect(measured.filter(({ part }) => part === 'heldOut')).toHaveLength(1)
    // So high a rate destroys what the model knew: a third of the run is enough to see it.
    expect(measured.at(-1)!.step).toBeLessThan(2_000)
    const blend = (await openModelDirectory(run.out)).manifest!.trainingReport!.blend
    expect(blend).toBeTypeOf('number')
  })

  it('says which model is missing', async () => {
    const run = await tinyRun({ ...quick, from: '/nowhere/model' })
    await expect(follow(run.workFolder)).rejects.toSatisfy((e) => isAppError(e, 'FILE_NOT_FOUND'))
  })
})
