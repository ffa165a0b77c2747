import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { evaluateModel } from '../../../../main/ml/training/evaluateModel.js'
import { createPauseGate } from '../../../../main/ml/training/pauseGate.js'
import { runTraining } from '../../../../main/ml/training/runTraining.js'
import type { TrainingEvent, TrainingPair } from '../../../../shared/domain/training.js'
import { isAppError } from '../../../../shared/errors.js'
import { createTinyRun, type TinyRun } from './tinyCollection.js'

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function tinyRun(...args: Parameters<typeof createTinyRun>): Promise<TinyRun> {
  const run = await createTinyRun(...args)
  made.push(run.folder)
  return run
}

function eventsOfType<T extends TrainingEvent['type']>(events: TrainingEvent[], type: T) {
  return events.filter((e): e is Extract<TrainingEvent, { type: T }> => e.type === type)
}

/** Runs to the end or, with `stopAt`, until that step. */
async function follow(workFolder: string, stopAt?: number): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  const stopping = new AbortController()
  const running = runTraining(workFolder, {
    signal: stopping.signal,
    gate: createPauseGate(),
    saveEveryMs: 200,
    onEvent(event) {
      events.push(event)
      if (event.type === 'step' && event.step === stopAt) stopping.abort()
    },
  })
  if (stopAt === undefined) await running
  else await expect(running).rejects.toSatisfy((error) => isAppError(error, 'CANCELLED'))
  return events
}

describe('scratch', () => {
  it('ends its encoders by the head that it is told', async () => {
    const { out, workFolder } = await tinyRun({ epochs: 2, head: 'mlp' })
    await follow(workFolder)
    const { manifest, embeddingDim } = await openModelDirectory(out, { verify: 'full' })
    const projection = { kind: 'mlp', hidden: 2 * embeddingDim }
    expect(manifest!.architecture).toMatchObject({ projection })
  })

  it('learns, writes a model, and leaves nothing else behind', async () => {
    const bad = { image: '/nowhere/picture.png', captions: ['nothing'] }
    const { out, workFolder, pairs } = await tinyRun({ epochs: 60 }, [bad])
    const events = await follow(workFolder)
    const [started] = eventsOfType(events, 'started')
    expect(started).toMatchObject({ pairs: 21, heldOut: 4, resumedAtStep: null, totalSteps: 180 })
    expect(started!.skipped.map((s) => s.path)).toEqual([bad.image])
    const losses = eventsOfType(events, 'step').map((event) => event.loss)
    expect(losses).toHaveLength(180)
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.6)
    const measured = eventsOfType(events, 'evaluated')
    expect(measured.length).toBeGreaterThan(3)
    expect(measured.every(({ part }) => part === 'heldOut')).toBe(true)
    const [finished] = eventsOfType(events, 'finished')
    expect(measured.at(-1)!.report).toEqual(finished!.heldOut)
    expect(finished!.heldOut!.textToImage.gallerySize).toBe(4)
    expect(existsSync(workFolder)).toBe(false)

    const model = await openModelDirectory(out, { verify: 'full' })
    expect(model.id).toBe(finished!.modelId)
    expect(model.manifest!.trainingReport).toMatchObject({ steps: 180, pairs: 21 })
    const evaluation = await evaluateModel(model, [...pairs, bad], {
      signal: new AbortController().signal,
    })
    expect(evaluation.skipped.map((s) => s.path)).toEqual([bad.image])
    expect(evaluation.report.textToImage.queries).toBe(50)
    expect(evaluation.report.textToImage.recallAt5).toBeGreaterThan(0.5)
    // The saved model, opened anew, does on the held-out pairs what training said it does.
    const heldOut = pairs.filter((_, i) => i % 6 === 5)
    const again = await evaluateModel(model, heldOut, { signal: new AbortController().signal })
    expect(again.report).toEqual(finished!.heldOut)
  })

  it('is cancelled as cleanly in its last evaluation as in a step', async () => {
    const { workFolder } = await tinyRun({ epochs: 2 })
    const stopping = new AbortController()
    const running = runTraining(workFolder, {
      signal: stopping.signal,
      gate: createPauseGate(),
      saveEveryMs: 1e9,
      onEvent(event) {
        // Without a reason of its own, as the signal of any caller may be. Saved once all steps are
        // done, it can only be noticed by the evaluation that follows.
        if (event.type === 'checkpointed' && event.step === 6) stopping.abort()
      },
    })
    await expect(running).rejects.toSatisfy((error) => isAppError(error, 'CANCELLED'))
    const [finished] = eventsOfType(await follow(workFolder), 'finished')
    expect(finished).toMatchObject({ step: 6 })
  })

  it('tells the device that it runs on, not the one asked for', async () => {
    const { workFolder } = await tinyRun({ epochs: 1, device: 'auto' })
    const events = await follow(workFolder)
    const [started] = eventsOfType(events, 'started')
    expect(['cpu', 'webgpu']).toContain(started!.device)
    if (started!.device === 'cpu') expect(eventsOfType(events, 'notice')).toHaveLength(1)
  })

  it('goes on after a break with the same losses and ends in the same model', async () => {
    const whole = await tinyRun()
    const broken = await tinyRun()
    const unbroken = await follow(whole.workFolder)
    const first = await follow(broken.workFolder, 17)
    const second = await follow(broken.workFolder, 31)
    const rest = await follow(broken.workFolder)
    expect(eventsOfType(rest, 'started')[0]!.resumedAtStep).toBe(31)
    const losses = (events: TrainingEvent[]) => eventsOfType(events, 'step').map((e) => e.loss)
    expect([first, second, rest].flatMap(losses)).toEqual(losses(unbroken))
    const weights = (run: TinyRun) => readFile(join(run.out, 'onnx/vision_model.onnx'))
    expect((await weights(broken)).equals(await weights(whole))).toBe(true)
  })

  it('gives the same losses in micro-batches as at once', async () => {
    const runs = [await tinyRun({ epochs: 2 }), await tinyRun({ epochs: 2, microBatchSize: 3 })]
    const [whole, cut] = await Promise.all(
      runs.map(async (run) => eventsOfType(await follow(run.workFolder), 'step')),
    )
    whole!.forEach((event, i) => {
      expect(cut![i]!.loss).toBeCloseTo(event.loss, 4)
    })
  })

  it('learns from pictures without words, and goes on with that after a break', async () => {
    const changes = {
      learnFrom: { kind: 'pictures' },
      loss: { name: 'nt-xent', temperature: 0.2 },
      epochs: 30,
    } as const
    const silent = (pair: TrainingPair) => ({ ...pair, captions: [] })
    const whole = await tinyRun(changes, [], silent)
    const broken = await tinyRun(changes, [], silent)
    const events = await follow(whole.workFolder)
    expect(eventsOfType(events, 'notice')[0]!.message).toMatch(/knows no words/)
    const [finished] = eventsOfType(events, 'finished')
    expect(finished).toMatchObject({ heldOut: null, before: null })
    expect(finished!.pictures).toMatchObject({ otherView: { gallerySize: 4 }, labels: null })
    const measured = eventsOfType(events, 'evaluatedPictures')
    expect(measured.length).toBeGreaterThan(3)
    expect(measured.at(-1)!.report).toEqual(finished!.pictures)
    const losses = (some: TrainingEvent[]) => eventsOfType(some, 'step').map(({ loss }) => loss)
    const mean = (some: number[]) => some.reduce((sum, x) => sum + x, 0) / some.length
    expect(mean(losses(events).slice(-10))).toBeLessThan(mean(losses(events).slice(0, 10)) * 0.9)

    const parts = [await follow(broken.workFolder, 40), await follow(broken.workFolder)]
    expect(parts.flatMap(losses)).toEqual(losses(events))
    const model = await openModelDirectory(whole.out)
    expect(model.logitScale).toBeCloseTo(Math.log(5), 6)
    expect(model.manifest!.trainingReport).toMatchObject({ pictures: finished!.pictures })
  })

  it('mines hard negatives again as it goes, and does the same after a break', async () => {
    const changes = { sampling: { kind: 'hard-negatives', share: 0.5 }, epochs: 70 } as const
    const [whole, broken] = [await tinyRun(changes), await tinyRun(changes)]
    const plain = await tinyRun({ epochs: 70 })
    const losses = (some: TrainingEvent[]) => eventsOfType(some, 'step').map(({ loss }) => loss)
    const unbroken = losses(await follow(whole.workFolder))
    expect(unbroken).not.toEqual(losses(await follow(plain.workFolder)))
    // Of 3 steps an epoch, the second mining is before step 101, for the epoch after it.
    const parts = []
    for (const stop of [40, 101, 102, 150, undefined]) {
      parts.push(...losses(await follow(broken.workFolder, stop)))
    }
    expect(parts).toEqual(unbroken)
  })

  it('learns from captions and from pictures at once', async () => {
    const some = (pair: TrainingPair, i: number): TrainingPair => ({
      ...pair,
      captions: i % 2 === 0 || i % 6 === 5 ? pair.captions : [],
      label: pair.captions[0]!.split(' ').at(-1)!,
    })
    const loss = { name: 'supcon', temperature: 0.2 } as const
    const learnFrom = { kind: 'both', loss, weight: 0.5 } as const
    const { workFolder } = await tinyRun({ learnFrom, batchSize: 16, epochs: 60 }, [], some)
    const events = await follow(workFolder)
    const losses = eventsOfType(events, 'step').map((event) => event.loss)
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.7)
    const [finished] = eventsOfType(events, 'finished')
    expect(finished!.heldOut!.textToImage.gallerySize).toBe(4)
    expect(finished!.pictures!.otherView.gallerySize).toBe(4)
  })

  it('says so when no picture can be read, or the checkpoint is damaged', async () => {
    const { workFolder } = await tinyRun()
    await follow(workFolder, 3)
    await writeFile(join(workFolder, 'checkpoint.bin'), 'SMBLCKP1 and nonsense')
    await expect(follow(workFolder)).rejects.toSatisfy((e) => isAppError(e, 'CHECKPOINT_INVALID'))
    const fresh = await tinyRun()
    for (const { image } of fresh.pairs) await writeFile(image, 'no picture')
    await expect(follow(fresh.workFolder)).rejects.toSatisfy((e) => isAppError(e, 'NO_PICTURES'))
  })

  it('stops when the loss is no number any more', async () => {
    const { workFolder } = await tinyRun({ learningRate: 1e30, clipNorm: 1e30 })
    await expect(follow(workFolder)).rejects.toSatisfy((e) => isAppError(e, 'TRAINING_DIVERGED'))
  })
})
