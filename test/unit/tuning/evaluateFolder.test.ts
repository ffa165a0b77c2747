/** A folder of pictures, measured with two small untrained models. */
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { evaluateFolder } from '../../../main/tuning/evaluateFolder.js'
import { evaluationSchema } from '../../../shared/domain/evaluation.js'
import { writeShapes } from '../../support/pictureFolder.js'
import { writeSmallModel } from '../../support/smallModel.js'
import { temporaryFolder } from '../../support/temporaryFolder.js'

const options = {
  signal: new AbortController().signal,
  onProgress() {},
}

/** Shapes in folders named after their colours. */
async function writeSorted(folder: string): Promise<string> {
  for (const path of await writeShapes(join(folder, 'all'), 48)) {
    const [colour = '', shape = ''] = basename(path).split(' ')
    await mkdir(join(folder, 'sorted', colour), { recursive: true })
    await copyFile(path, join(folder, 'sorted', colour, shape))
  }
  return join(folder, 'sorted')
}

it('measures two models on the same pictures and labels, and repeats itself', async () => {
  const folder = await temporaryFolder()
  const pictures = await writeSorted(folder)
  const model = await writeSmallModel(join(folder, 'one'), 1)
  const against = await writeSmallModel(join(folder, 'two'), 2)
  const request = { ...options, model, against, labels: 'folders' } as const
  const evaluation = await evaluateFolder(pictures, request)
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation)
  expect(await evaluateFolder(pictures, request)).toEqual(evaluation)

  const { report, curves, labels } = evaluation
  expect(report.imageToText).toMatchObject({ queries: 48, gallerySize: report.textToImage.queries })
  expect(curves.textToImage[9]!.recall).toBe(report.textToImage.recallAt10)
  expect(labels!.zeroShot).toMatchObject({ pictures: 48, classes: 8 })
  expect(labels!.zeroShot.perClass.map(({ label }) => label)).toContain('purple')
  expect(labels!.linearProbe!.pictures + labels!.linearProbe!.trainedOn).toBe(48)
  // Even an untrained encoder sees colours, which a linear layer can tell from one another.
  expect(labels!.linearProbe!.accuracy).toBeGreaterThan(0.5)
  expect(labels!.labelToImage).toMatchObject({ queries: 8, gallerySize: 48 })
  expect(evaluation.against!.rows.map(({ measure }) => measure)).toContain('linearProbe')
  expect(evaluation.against!.model.id).toBe(against.id)
})

it('counts near-duplicates as one, and has nothing to say of labels where there are none', async () => {
  const folder = await temporaryFolder()
  const pictures = join(folder, 'pictures')
  const paths = await writeShapes(pictures, 12)
  for (const path of paths.slice(0, 5)) await copyFile(path, path.replace('.png', ' (1).png'))
  const model = await writeSmallModel(join(folder, 'model'))
  const evaluation = await evaluateFolder(pictures, {
    ...options,
    model,
    against: null,
    labels: 'column',
  })
  // Files with the same bytes are one picture.
  expect(evaluation.report.imageToText.queries).toBe(12)
  expect(evaluation.groups).toBeLessThanOrEqual(12)
  expect(evaluation.labels).toBeNull()
  expect(evaluation.against).toBeNull()
})
