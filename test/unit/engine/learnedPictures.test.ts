/** Models that are trained and then measured on the same folder. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine, type Engine } from '../../../main/engine/createEngine.js'
import { readLearned } from '../../../main/ml/clip/modelDirectory/learnedPictures.js'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { drawShapes } from '../../support/drawnShapes.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const run = { signal: new AbortController().signal, onProgress: () => {} }
/** A trainer takes a busy machine a while to start. */
const long = { timeout: 300_000 }
const epochs = { epochs: 1, batch: 32 }

/** The smallest architecture that still has every part. */
const tinyArchitecture = {
  image: {
    kind: 'vit',
    imageSize: 32,
    patchSize: 16,
    stages: [{ width: 16, layers: 1, heads: 2, mlpRatio: 1 }],
  },
  text: { vocabSize: 560, contextLength: 8, width: 16, layers: 1, heads: 2, mlpRatio: 1 },
  embeddingDim: 16,
}

async function openEngine() {
  const folder = await temporaryFolder()
  const starterFolder = join(folder, 'starter')
  await writeSmallModel(starterFolder)
  const arch = join(folder, 'tiny.json')
  await writeFile(arch, JSON.stringify(tinyArchitecture))
  const engine = createEngine({ libraryFolder: join(folder, 'library'), starterFolder })
  onTestFinished(() => engine.dispose())
  return { folder, engine, arch }
}

async function train(
  { training }: Engine,
  request: Partial<Parameters<Engine['training']['train']>[0]> & { folder: string; out: string },
) {
  const notices: string[] = []
  const finished = await training.train(
    { ...epochs, resume: false, ...request },
    {
      signal: run.signal,
      onEvent: (event) => {
        if (event.type === 'notice') notices.push(event.message)
      },
    },
  )
  return { finished, notices, model: await openModelDirectory(request.out) }
}

test(
  'a model is measured on what it has not learned from, and so are its children',
  long,
  async () => {
    const { folder, engine, arch } = await openEngine()
    const pictures = join(folder, 'pictures')
    await drawShapes(pictures, 8)
    const one = join(folder, 'one')
    const { finished, model } = await train(engine, { folder: pictures, out: one, arch })
    const heldOut = finished.heldOut!.textToImage.gallerySize
    expect(heldOut).toBeGreaterThanOrEqual(10)
    expect(model.manifest!.learnedPictures).toMatchObject({
      pictures: 144 - heldOut,
      complete: true,
    })

    const evaluation = await engine.training.evaluate({ folder: pictures, model: one }, run)
    expect(evaluation.learned).toMatchObject({ pictures: 144 - heldOut, measured: false })
    expect(evaluation.model).toMatchObject({ trained: true, learnedKnown: true })
    // The very pictures that the run held out, so the very same figures.
    for (const direction of ['textToImage', 'imageToText'] as const) {
      const { intervals: _, ...figures } = evaluation.report[direction]
      expect(finished.heldOut![direction]).toMatchObject(figures)
    }
    const all = { folder: pictures, model: one, includeLearned: true }
    const whole = await engine.training.evaluate(all, run)
    expect(whole.report.textToImage.gallerySize).toBe(144)
    expect(whole.learned).toMatchObject({ pictures: 144 - heldOut, measured: true })

    // A child of it, taught with other pictures, has learned from these as well.
    const others = join(folder, 'others')
    await mkdir(others)
    const taken = (await drawShapes(join(folder, 'more'), 12)).slice(8 * 18)
    for (const path of taken) await copyFile(path, join(others, basename(path)))
    const two = join(folder, 'two')
    const child = await train(engine, {
      folder: others,
      out: two,
      from: one,
      method: 'quick',
      blend: 1,
    })
    const list = (await readLearned(child.model))!
    const parents = (await readLearned(model))!.pictures
    expect(list.complete).toBe(true)
    expect(list.pictures).toEqual(expect.arrayContaining([...parents]))
    expect(list.pictures.length).toBeGreaterThan(parents.length + 50)
    const request = { folder: pictures, model: two, against: one }
    const compared = await engine.training.evaluate(request, run)
    // One of its own pictures may look like one of these that its parent did not learn from.
    const { pictures: left } = compared.learned!
    expect(left).toBeGreaterThanOrEqual(144 - heldOut)
    expect(compared.against!.report.textToImage.gallerySize).toBe(144 - left)

    // Taught again with the same pictures, it holds out what it was held out of before.
    const again = join(folder, 'again')
    const taught = await train(engine, { folder: pictures, out: again, from: one, method: 'quick' })
    expect(taught.notices.join()).toContain(`learned from ${144 - heldOut} of the 144 pictures`)
    expect(taught.finished.heldOut!.textToImage.gallerySize).toBe(heldOut)
  },
)

test(
  'smaller and recompressed copies of what was learned from are known, and too few others are an error',
  long,
  async () => {
    const { folder, engine, arch } = await openEngine()
    const paths = await drawShapes(join(folder, 'pictures'), 8)
    const one = join(folder, 'one')
    await train(engine, { folder: join(folder, 'pictures'), out: one, arch })
    const copies = join(folder, 'copies')
    await mkdir(copies)
    for (const path of paths) {
      await sharp(path)
        .resize(70)
        .jpeg()
        .toFile(join(copies, basename(path).replace('.png', '.jpg')))
    }
    const { learned, report } = await engine.training.evaluate({ folder: copies, model: one }, run)
    expect(learned!.pictures + report.textToImage.gallerySize).toBe(144)
    expect(learned!.pictures).toBeGreaterThan(100)

    const few = join(folder, 'few')
    await mkdir(few)
    for (const path of paths.slice(0, 12)) await copyFile(path, join(few, basename(path)))
    const failure = engine.training.evaluate({ folder: few, model: one }, run)
    await expect(failure).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: few },
    })
    await expect(failure).rejects.toThrow(/one learned from .* --include-learned/)
    const whole = { folder: few, model: one, includeLearned: true }
    expect((await engine.training.evaluate(whole, run)).report.textToImage.gallerySize).toBe(12)
  },
)
