/** 8-bit encoders of models that have just been trained: when they are tried, and what is told of it. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isQuantized, openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { judgeInt8, quantizeTowers } from '../../../../main/ml/training/precision/judgeInt8.js'
import {
  type WriteTrainedOptions,
  writeTrainedModel,
} from '../../../../main/ml/training/precision/writeTrainedModel.js'
import type { TrainingEvent, TrainingPair } from '../../../../shared/domain/training.js'
import { drawShapes } from '../../../support/drawnShapes.js'
import { folderForFile } from '../../../support/temporaryFolder.js'
import { wideModelParts } from '../../../support/wideModel.js'
import { tinySpec } from './tinyCollection.js'
import { followTinyRun, tinyRunsForFile } from './tinyRuns.js'

const folder = folderForFile()
const tinyRun = tinyRunsForFile()

/** Pictures with a caption each, of six coloured shapes in so many variants. */
async function drawPairs(variants: number): Promise<TrainingPair[]> {
  const pictures = await drawShapes(join(folder(), `shapes-${variants}`), variants)
  return pictures.map((image) => ({ image, captions: [basename(image, '.png')] }))
}

async function write(
  name: string,
  heldOut: readonly TrainingPair[],
  options: Partial<WriteTrainedOptions> = {},
) {
  const events: TrainingEvent[] = []
  const model = await writeTrainedModel(join(folder(), name), wideModelParts(), {
    context: {
      run: { spec: tinySpec, out: join(folder(), name), name },
      pairs: { train: [], validation: [], heldOut },
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
    },
    trainedMs: 0,
    device: 'cpu',
    ...options,
  })
  return { model, search: model.manifest!.search, events }
}

describe('a model that was trained', () => {
  it('has 8-bit encoders where these do as well, and tells what was measured', async () => {
    const { model, search, events } = await write('wide', await drawPairs(12), {
      trainedMs: 600_000,
    })
    expect(search!.queries).toBe(200 + 216)
    expect(search!.recallLoss).toBeLessThan(0.5)
    // How fast both are, the machine decides that the test runs on.
    if (search!.reason !== null) expect(search!.reason).toMatch(/^8 bits would be no faster/)
    expect(search!.precision).toBe(search!.reason === null ? 'int8' : 'float32')
    expect(search!.leastCosine).toBeGreaterThan(0.99)
    expect(search!.leastCosine).toBeLessThan(1)
    expect(isQuantized(model)).toBe(search!.reason === null)
    expect(events).toMatchObject([
      { type: 'preparing', phase: 'choosing precision', done: 0 },
      { type: 'preparing', phase: 'choosing precision', done: 1 },
    ])
    await openModelDirectory(model.path, { verify: 'full' })
  })

  it('is measured no longer than is sensible', async () => {
    const parts = wideModelParts()
    const pictures = (await drawPairs(12)).map(({ image }) => image)
    const judged = await judgeInt8(
      join(folder(), 'hurried'),
      { ...parts, quantized: quantizeTowers(parts)! },
      {
        samples: { pictures, texts: ['a red circle'] },
        choice: 'auto',
        threads: 1,
        signal: new AbortController().signal,
        budgetMs: 0,
      },
    )
    expect(judged.card.search).toMatchObject({ queries: 32 + 1, precision: 'float32' })
    expect(judged.card.search.reason).toMatch(/^33 searches are too few/)
    expect(judged.quantized).toBeUndefined()
    expect((await readdir(folder())).filter((name) => name.startsWith('hurried'))).toEqual([])
  })

  it.each([
    ['pictures and words are too few to judge by', 'few', 2, {}],
    ['it runs on a graphics device', 'graphics', 12, { device: 'webgpu' }],
    ['its parent is in full precision and its photos are known', 'known', 12, { quantized: null }],
  ] as const)('is left in full precision where %s', async (_, name, variants, options) => {
    const { model, search, events } = await write(name, await drawPairs(variants), options)
    expect(search).toBeNull()
    expect(isQuantized(model)).toBe(false)
    expect(events).toEqual([])
  })

  it('tells at the end of its run', async () => {
    const run = await tinyRun({ epochs: 1 }, await drawPairs(12))
    const finished = (await followTinyRun(run.workFolder)).at(-1)!
    const { manifest } = await openModelDirectory(run.out)
    expect(finished).toMatchObject({ type: 'finished', search: manifest!.search })
    // So small a model is no faster with 8 bits, or only just: what it says must be what it holds.
    const { precision, reason, queries } = manifest!.search!
    expect(queries).toBeGreaterThan(400)
    expect(precision).toBe(reason === null ? 'int8' : 'float32')
  })
})
