/** Models whose text encoder alone was trained (LiT), over a library that their parent has indexed. */
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openModelDirectory } from '../../../main/ml/clip/modelDirectory.js'
import { engineWithShapes } from '../../support/teachingEngine.js'

const signal = new AbortController().signal
const run = { signal, onProgress: () => {} }

test.each(['deep', 'full'] as const)(
  'no photo is looked at again after %s, and all are found by the new words',
  async (method) => {
    const { engine, folder } = await engineWithShapes(1)
    const from = join(folder, 'model')
    const out = join(folder, 'tuned')
    const rates = { blend: 1, lr: 0.01, epochs: 4, batch: 6 }
    const pictures = join(folder, 'pictures')
    await engine.training.train(
      {
        ...rates,
        method,
        from,
        out,
        tower: 'text',
        folder: pictures,
        device: 'cpu',
        resume: false,
      },
      { signal, onEvent: () => {} },
    )
    // What is not there any more cannot be looked at.
    await rename(pictures, `${pictures} elsewhere`)
    const count = (await readdir(`${pictures} elsewhere`)).length
    const report = await engine.library.index({ device: 'cpu', model: out }, run)
    expect(report).toMatchObject({ indexed: count, failed: 0, total: count })

    const request = { likePhoto: null, imageFile: null, limit: count, words: 'red circle' }
    const [before, after] = await Promise.all(
      [from, out].map((model) => engine.search.search({ ...request, model })),
    )
    const { embedding: words } = await engine.search.embed({
      ...{ words: 'red circle', imageFile: null, model: out },
    })
    expect(after!.hits).toHaveLength(count)
    expect(after!.hits.map(({ score }) => score)).not.toEqual(
      before!.hits.map(({ score }) => score),
    )
    const { path } = after!.hits[0]!
    const picture = await engine.search.embed({
      ...{ words: null, model: out },
      imageFile: path.replace(pictures, `${pictures} elsewhere`),
    })
    const cosine = picture.embedding.reduce((sum, value, i) => sum + value * words[i]!, 0)
    expect(after!.hits[0]!.score).toBeCloseTo(cosine, 4)
    expect((await openModelDirectory(out)).manifest!.method).toBe(method)
  },
  180_000,
)
