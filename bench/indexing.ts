/** How fast a library is indexed, against what decoding and encoding reach alone. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { createEngine } from '../main/engine/createEngine.js'
import { openImageEncoder } from '../main/ml/clip/encoders.js'
import { type ModelDirectory, openModelDirectory } from '../main/ml/clip/modelDirectory.js'
import { cropOptions, loadPixelValues } from '../main/ml/clip/preprocess.js'
import { projectRoot } from '../main/platform/entries.js'
import { createImageThread } from '../main/platform/images/imageThread.js'
import { mapBounded } from '../main/platform/mapBounded.js'
import { indexingBatchSize, indexingConcurrency } from '../main/search/indexing/indexJob.js'
import type { JobProgress } from '../shared/domain/jobs.js'
import type { Benchmark, Row } from './benchmark.js'
import { medianOf } from './compareWithPeak.js'
import { overlappedLimit, type PartRates, sharedLimit } from './indexingLimits.js'
import { type LargePhotos, writeLargePhotos } from './largePhotos.js'
import { writeUntrainedModel } from './untrainedModel.js'

const starterFolder = join(projectRoot, 'models', 'starter')

const settingsSchema = z.strictObject({
  /** `starter` or architectures; an architecture is measured with untrained weights. */
  models: z
    .string()
    .default(`${existsSync(starterFolder) ? 'starter' : 'small'},base-b32`)
    .transform((text) => text.split(',')),
  photos: z.coerce.number().int().min(indexingBatchSize).default(192),
  rounds: z.coerce.number().int().positive().default(3),
})

/** What one round measured, in pictures a second. */
interface Round extends PartRates {
  readonly indexing: number
  /** Before the first picture and after the last: opening the model, preparing the search. */
  readonly otherSeconds: number
}

export const indexBenchmark: Benchmark = {
  name: 'index',
  describe:
    'Pictures a second of the index job on a fresh library of 12-megapixel JPEGs, from the first picture to the last, against the encoder alone on pixels that lie ready, and decoding alone. Where decoding and encoding share the cores, no order of work is faster than 1 / (1/encoder + 1/decoding), the shared limit; the overlapped limit is the lower of the two, reached where the encoder runs elsewhere. All four are measured in turn; figures are medians over rounds.',
  async run(settings) {
    const { models, photos: count, rounds } = settingsSchema.parse(settings)
    const folder = await mkdtemp(join(tmpdir(), 'bench-index-'))
    try {
      const photos = await writeLargePhotos(join(folder, 'photos'), count)
      const rows: Row[] = []
      for (const name of models) {
        const model = await openModel(name, join(folder, 'models', name))
        rows.push(describe(name, model, await measureRounds(model, photos, folder, rounds)))
      }
      const photoMegabytes = Number((photos.meanBytes / 1e6).toFixed(2))
      return { parameters: { photos: count, photoMegabytes, rounds }, rows }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function openModel(name: string, folder: string): Promise<ModelDirectory> {
  if (name === 'starter') return openModelDirectory(starterFolder)
  await writeUntrainedModel(folder, name)
  return openModelDirectory(folder)
}

async function measureRounds(
  model: ModelDirectory,
  photos: LargePhotos,
  folder: string,
  rounds: number,
): Promise<Round[]> {
  const encoder = await openImageEncoder(model, { device: 'cpu', threads: 0, precision: 'search' })
  // Where the index job decodes.
  const images = createImageThread()
  try {
    const crop = cropOptions(model.preprocess)
    const decode = (path: string) => images.decode(path, crop)
    const some = photos.paths.slice(0, indexingBatchSize)
    const decoded = await mapBounded(some, indexingConcurrency, (path) =>
      loadPixelValues(path, model.preprocess),
    )
    const pixels = joinArrays(decoded)
    const encode = () => encoder.encode(pixels, indexingBatchSize)
    await encode()
    const measured: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const batches = Math.ceil(photos.paths.length / indexingBatchSize)
      const encoding = await rateOf(batches * indexingBatchSize, async () => {
        for (let batch = 0; batch < batches; batch++) await encode()
      })
      const decoding = await rateOf(photos.paths.length, () =>
        mapBounded(photos.paths, indexingConcurrency, decode),
      )
      const library = join(folder, 'library')
      measured.push({ encoding, decoding, ...(await indexLibrary(library, model, photos)) })
      await rm(library, { recursive: true })
    }
    return measured
  } finally {
    await images.dispose()
    await encoder.dispose()
  }
}

/** Adds the photographs to a new library and indexes it by the engine, as the command does. */
async function indexLibrary(
  libraryFolder: string,
  model: ModelDirectory,
  { paths }: LargePhotos,
): Promise<Pick<Round, 'indexing' | 'otherSeconds'>> {
  const engine = createEngine({ libraryFolder })
  const { signal } = new AbortController()
  try {
    await engine.library.addFolders([dirname(paths[0]!)], { signal, onProgress: () => {} })
    let firstMs = 0
    let lastMs = 0
    const onProgress = ({ phase, done, total }: JobProgress) => {
      if (phase === 'indexing' && done === 0) firstMs = performance.now()
      if (lastMs === 0 && (phase !== 'indexing' || done === total)) lastMs = performance.now()
    }
    const request = { model: model.path, device: 'cpu' } as const
    const { indexed, seconds } = await engine.library.index(request, { signal, onProgress })
    if (indexed !== paths.length) throw new Error(`${indexed} of ${paths.length} were indexed`)
    const indexingSeconds = (lastMs - firstMs) / 1000
    return { indexing: indexed / indexingSeconds, otherSeconds: seconds - indexingSeconds }
  } finally {
    await engine.dispose()
  }
}

function describe(name: string, { preprocess }: ModelDirectory, rounds: readonly Round[]): Row {
  return {
    model: name,
    'input pixels': preprocess.width,
    'encoder only /s': medianOf(rounds, (round) => round.encoding),
    'decoding only /s': medianOf(rounds, (round) => round.decoding),
    'indexing /s': medianOf(rounds, (round) => round.indexing),
    'shared limit /s': medianOf(rounds, sharedLimit),
    'overlapped limit /s': medianOf(rounds, overlappedLimit),
    'of encoder only': medianOf(rounds, (round) => round.indexing / round.encoding),
    'of shared limit': medianOf(rounds, (round) => round.indexing / sharedLimit(round)),
    'of overlapped limit': medianOf(rounds, (round) => round.indexing / overlappedLimit(round)),
    'start and end s': medianOf(rounds, (round) => round.otherSeconds),
  }
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return count / ((performance.now() - start) / 1000)
}

function joinArrays(arrays: readonly Float32Array[]): Float32Array {
  const { length } = arrays[0]!
  const joined = new Float32Array(arrays.length * length)
  for (const [i, array] of arrays.entries()) joined.set(array, i * length)
  return joined
}
