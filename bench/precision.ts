/** What 8-bit encoders win and lose against those in full precision. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { openModelDirectory } from '../main/ml/clip/modelDirectory.js'
import { reasonAgainstInt8 } from '../main/ml/training/precision/decidePrecision.js'
import { writePrecision } from '../main/ml/training/precision/writePrecision.js'
import { projectRoot } from '../main/platform/entries.js'
import { genericPhrases } from '../main/search/ranking/genericPhrases.js'
import type { Benchmark, Row } from './benchmark.js'
import { listSamplePictures } from './captionedPictures.js'
import { writeUntrainedModel } from './untrainedModel.js'

const settingsSchema = z.strictObject({
  pictures: z.coerce.number().int().min(10).default(200),
  models: z
    .string()
    .default('starter,base-b32')
    .transform((text) => text.split(',')),
})

export const precisionBenchmark: Benchmark = {
  name: 'precision',
  describe:
    '8-bit weights against full precision for search, as `semblance models precision` measures it: every picture of a part of the sample collection and every phrase of a list is searched for among the pictures, and counts as lost if what full precision finds first is not among the first five. The starter is the model that ships; base-b32 has the shape of CLIP ViT-B/32 in both encoders and random weights, so its times and cosines count, while its recall says little.',
  async run(settings) {
    const { pictures, models } = settingsSchema.parse(settings)
    const rows: Row[] = []
    for (const model of models) rows.push(await measure(model, pictures))
    return { parameters: { pictures, phrases: genericPhrases.length }, rows }
  },
}

async function measure(name: string, count: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'precision-'))
  try {
    const files = await listSamplePictures(join(folder, 'pictures'))
    const every = files.length / count
    const pictures = Array.from({ length: count }, (_, i) => files[Math.floor(i * every)]!.path)
    const source = await openSource(name, join(folder, 'source'))
    const { measured } = await writePrecision(source, join(folder, 'int8'), {
      choice: 'int8',
      samples: { pictures, texts: genericPhrases },
      threads: 0,
      signal: new AbortController().signal,
    })
    const measure = measured!
    return {
      model: name,
      searches: measure.queries,
      'recall lost, points': Number(measure.recallLoss.toFixed(2)),
      'least cosine': Number(measure.leastCosine.toFixed(4)),
      'pictures, times as fast': Number(measure.imageSpeedUp.toFixed(2)),
      'texts, times as fast': Number(measure.textSpeedUp.toFixed(2)),
      'what auto takes': reasonAgainstInt8(measure) === null ? 'int8' : 'float32',
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function openSource(name: string, folder: string) {
  if (name === 'starter') return openModelDirectory(join(projectRoot, 'models', 'starter'))
  await writeUntrainedModel(folder, name, name)
  return openModelDirectory(folder)
}
