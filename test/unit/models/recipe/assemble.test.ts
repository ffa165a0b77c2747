import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openImageEncoder } from '../../../../main/ml/clip/encoders.js'
import { objectsOutput } from '../../../../main/ml/clip/modelDirectory/semblanceFile.js'
import { openModelDirectory } from '../../../../main/ml/clip/modelDirectory.js'
import { loadPixelValues } from '../../../../main/ml/clip/preprocess.js'
import { upcastWeights } from '../../../../main/ml/onnx/float16Weights.js'
import { GraphBuilder } from '../../../../main/ml/onnx/graphBuilder.js'
import { readModelFile } from '../../../../main/ml/onnx/readModel.js'
import { assembleVision } from '../../../../models/recipe/assemble/assembleVision.js'
import { takeApart } from '../../../../models/recipe/assemble/takeApart.js'
import {
  addObjects,
  objectCount,
  objectNumbers,
} from '../../../../models/recipe/backbone/addObjects.js'
import { backbonePath } from '../../../../models/recipe/backbone/backbonePaths.js'
import { readTfjsModel } from '../../../../models/recipe/backbone/readTfjsModel.js'
import { starterFolder } from '../../../../models/recipe/folders.js'
import { photographs } from '../../../support/photographs.js'
import { writeTeddyBears } from '../../../support/teddyBears.js'
import { temporaryFolder } from '../../../support/temporaryFolder.js'
import { type Feeds, runGraph } from '../../ml/onnx/runGraph.js'

const side = 56

/** Maps that are low everywhere but where they are told. */
function mapsOf(channels: number, low: number, cells: readonly (readonly number[])[]) {
  const data = new Float32Array(channels * side * side).fill(low)
  for (const [channel, row, column, value] of cells as [number, number, number, number][]) {
    data[(channel * side + row) * side + column] = value
  }
  return { type: 'float32' as const, dims: [1, channels, side, side], data }
}

describe('addObjects', () => {
  async function find(
    classCells: readonly (readonly number[])[],
    reachCells: readonly (readonly number[])[],
  ): Promise<number[][]> {
    const b = new GraphBuilder('objects')
    const classMaps = b.input('classes', 'float32', ['batch', 80, side, side])
    const reachMaps = b.input('reaches', 'float32', ['batch', 4, side, side])
    const found = addObjects(b, classMaps, reachMaps)
    b.output(found, 'float32', ['batch', objectCount, objectNumbers], objectsOutput)
    const classes = mapsOf(80, -9, classCells)
    const { objects } = await runGraph(b.build(), { classes, reaches: mapsOf(4, 0, reachCells) })
    expect(objects!.dims).toEqual([1, objectCount, objectNumbers])
    const rows = [...(objects!.data as Float32Array)]
    return Array.from({ length: objectCount }, (_, i) =>
      rows.slice(i * objectNumbers, (i + 1) * objectNumbers),
    )
  }

  it('gives peaks by falling score with their classes and boxes', async () => {
    const objects = await find(
      [
        [16, 28, 14, 0],
        [15, 42, 50, 2],
      ],
      // One unit to the left, two up, three right, four down; the second leaves the picture.
      [
        [0, 28, 14, 1],
        [1, 28, 14, 2],
        [2, 28, 14, 3],
        [3, 28, 14, 4],
        [2, 42, 50, 9],
      ],
    )
    const [first, second, third] = objects as [number[], number[], number[]]
    expect(first.slice(0, 4)).toEqual([50 / side, 42 / side, 1, 42 / side].map(closeTo))
    expect(first[4]).toBeCloseTo(1 / (1 + Math.exp(-2)), 5)
    expect(first[5]).toBe(15)
    expect(second.slice(0, 4)).toEqual([10 / side, 20 / side, 26 / side, 44 / side].map(closeTo))
    expect(second.slice(4)).toEqual([closeTo(0.5), 16])
    expect(third[4]).toBeLessThan(0.001)
  })

  it('takes the neighbours of a peak for the same thing, of whatever class', async () => {
    const objects = await find(
      [
        [16, 20, 20, 1],
        [16, 21, 21, 0.5],
        [3, 20, 21, 0.9],
        [3, 20, 22, 0.8],
      ],
      [],
    )
    const classes = objects.filter(([, , , , score]) => score! > 0.4).map((row) => row[5])
    expect(classes).toEqual([16])
  })
})

function closeTo(value: number): unknown {
  return expect.closeTo(value, 5)
}

describe("the starter's image encoder", () => {
  it('is taken apart into a head that makes the same embeddings of the same features', async () => {
    const { visionPath, preprocess } = await openModelDirectory(starterFolder)
    const vision = await readModelFile(visionPath)
    const { head, scale } = takeApart(vision)
    const exposed = {
      ...upcastWeights(vision),
      outputs: [
        ...vision.outputs,
        { name: 'features', type: 'float32' as const, shape: head.inputs[0]!.shape },
      ],
    }
    const data = await loadPixelValues(photographs[0], preprocess)
    const dims = [1, 3, preprocess.height, preprocess.width]
    const whole = await runGraph(exposed, { pixel_values: { type: 'float32', dims, data } })
    const again = await runGraph(head, { features: whole.features! })
    expect(Object.keys(again).sort()).toEqual(['image_embeds', 'pooler_output'])
    expect(largestDifference(again.image_embeds!, whole.image_embeds!)).toBeLessThan(1e-5)
    expect(scale.mean).toHaveLength(scale.std.length)
    expect(head.nodes.length).toBeLessThan(vision.nodes.length / 2)
  })

  it('tells of both teddy bears in a picture, with boxes, only when it is asked', async () => {
    const model = await openModelDirectory(starterFolder)
    const path = join(await temporaryFolder(), 'teddies.jpg')
    await writeTeddyBears(path)
    const pixels = await loadPixelValues(path, model.preprocess)
    const cpu = { device: 'cpu', threads: 1 } as const
    const asked = await openImageEncoder(model, { ...cpu, objects: true })
    const { objects } = await asked.encode(pixels, 1)
    await asked.dispose()
    const found = objects![0]!.toSorted((a, b) => a.box.left - b.box.left)
    expect(found.map(({ name }) => name)).toEqual(['teddy bear', 'teddy bear'])
    // Where they were drawn: the frame that the backbone sees around pictures is taken off again.
    for (const [i, { box }] of found.entries()) {
      expect(Math.abs(box.left - (0.06 + 0.5 * i)), 'left').toBeLessThan(0.03)
      expect(Math.abs(box.right - (0.44 + 0.5 * i)), 'right').toBeLessThan(0.03)
      expect(Math.abs(box.top - 0.28), 'top').toBeLessThan(0.03)
      expect(Math.abs(box.bottom - 0.83), 'bottom').toBeLessThan(0.03)
    }
    const silent = await openImageEncoder(model, cpu)
    expect((await silent.encode(pixels, 1)).objects).toBeNull()
    await silent.dispose()
  })

  it.skipIf(!existsSync(backbonePath))('is put together again as it was', async () => {
    const { visionPath, preprocess } = await openModelDirectory(starterFolder)
    const vision = await readModelFile(visionPath)
    const { scale, head } = takeApart(vision)
    const again = assembleVision(await readTfjsModel(backbonePath), scale, head)
    const data = await loadPixelValues(photographs[4]!, preprocess)
    const dims = [1, 3, preprocess.height, preprocess.width]
    const feeds = { pixel_values: { type: 'float32' as const, dims, data } }
    const [before, after] = [await runGraph(vision, feeds), await runGraph(again, feeds)]
    for (const name of ['image_embeds', 'pooler_output', objectsOutput]) {
      expect(largestDifference(before[name]!, after[name]!), name).toBeLessThan(1e-5)
    }
  })
})

function largestDifference(a: Feeds[string], b: Feeds[string]): number {
  const [left, right] = [a.data as Float32Array, b.data as Float32Array]
  expect(left).toHaveLength(right.length)
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0)
}
