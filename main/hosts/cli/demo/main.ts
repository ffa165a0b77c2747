/** What `npm run demo` runs: trains a small pair on the sample collection, indexes it, searches it. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.js'
import type { FinishedTraining } from '../../../engine/api/training.js'
import { createEngine, type Engine } from '../../../engine/createEngine.js'
import { writeSampleCollection } from '../../../library/sampleCollection.js'
import { projectRoot } from '../../../platform/entries.js'
import { exitCodeOf } from '../exitCodes.js'
import { describeRetrieval } from '../output/describeRetrieval.js'
import { formatTable } from '../output/format.js'
import { createProgress, type Progress } from '../output/progress.js'
import { showTraining } from '../output/showTraining.js'

const trainingMinutes = 4
const textQueries = ['red apple', 'yellow car', 'smiling cat', 'musical instrument', 'snow']
const pictureQuery = 'sailboat.png'
const hitsShown = 3

const folder = join(projectRoot, '.data', 'demo')
const pictures = join(folder, 'pictures')
const model = join(folder, 'model')
const libraryFolder = join(folder, 'library')

async function runDemo(engine: Engine, bar: Progress, signal: AbortSignal): Promise<string> {
  await writeSampleCollection(pictures, {
    signal,
    onProgress: (done, total) => bar.update('drawing pictures', done, total),
  })
  const finished = await engine.training.train(
    { folder: pictures, out: model, method: 'scratch', minutes: trainingMinutes, resume: false },
    { signal, onEvent: (event) => showTraining(bar, event) },
  )
  const onProgress = (progress: { phase: string; done: number; total: number }) =>
    bar.update(progress.phase, progress.done, progress.total)
  await engine.modelStore.useNow(model, { signal, onProgress })
  await engine.library.addFolders([pictures], { signal, onProgress })
  await engine.library.index({ device: 'cpu' }, { signal, onProgress })
  bar.stop()
  return describeDemo(finished, await searchAll(engine))
}

async function searchAll(engine: Engine): Promise<string[][]> {
  const common = { likePhoto: null, model: null, limit: hitsShown }
  const rows: string[][] = []
  for (const words of textQueries) {
    const { hits } = await engine.search.search({ ...common, words, imageFile: null })
    rows.push([`"${words}"`, ...hits.map(describeHit)])
  }
  const likePhoto = join(pictures, pictureQuery)
  const { hits } = await engine.search.search({
    ...common,
    words: null,
    imageFile: null,
    likePhoto,
  })
  rows.push([`like ${pictureQuery}`, ...hits.map(describeHit)])
  return rows
}

function describeHit({ path, score }: { path: string; score: number }): string {
  return `${path.slice(pictures.length + 1)} ${score.toFixed(2)}`
}

function describeDemo({ heldOut }: FinishedTraining, rows: string[][]): string {
  const measured = heldOut
    ? `Recall on pictures held out of training:\n\n${describeRetrieval(heldOut)}\n`
    : ''
  return `
${formatTable(['query', 'best', 'second', 'third'], rows)}

${measured}
That was ${trainingMinutes} minutes of training from nothing. Go on with your own photos and the model that comes along:

  npx semblance add <your folder>
  npx semblance index
  npx semblance search "a dog in the snow"
`
}

const stopping = new AbortController()
process.once('SIGINT', () => stopping.abort(new AppError('CANCELLED', { what: 'The demo' })))
const bar = createProgress(process.stderr, true)
await rm(model, { recursive: true, force: true })
await rm(`${model}.training`, { recursive: true, force: true })
await rm(libraryFolder, { recursive: true, force: true })
const engine = createEngine({ libraryFolder })
try {
  console.log(await runDemo(engine, bar, stopping.signal))
} catch (error) {
  bar.stop()
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = exitCodeOf(error)
} finally {
  await engine.dispose()
}
