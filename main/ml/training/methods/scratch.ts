/** Both encoders from nothing, on augmented pictures. */
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { TrainingPair } from '../../../../shared/domain/training.js'
import { AppError } from '../../../../shared/errors.js'
import type { Architecture } from '../../clip/architecture.js'
import { loadArchitecture } from '../../clip/architectures.js'
import { buildTowers } from '../../clip/builder/buildTowers.js'
import { loadCrop } from '../../clip/preprocess.js'
import {
  describePreprocessing,
  type PreprocessConfig,
  parsePreprocessConfig,
} from '../../clip/preprocessConfig.js'
import { createTokenizer } from '../../clip/tokenizer/Tokenizer.js'
import type { TokenizerFiles } from '../../clip/tokenizer/tokenizerFiles.js'
import { trainTokenizer } from '../../clip/tokenizer/trainTokenizer.js'
import { defaultAugmentation } from '../pictures/augmentation.js'
import { mayMirror } from '../pictures/mirroring.js'
import { type PictureStore, preparePictures } from '../pictures/pictureStore.js'
import { type PixelPool, startPixelPool } from '../pictures/pixelPool.js'
import { mergePairs } from '../sampling/mergePairs.js'
import { buildCaptionTable } from '../sources/captionTable.js'
import { createPairBatches } from '../sources/pairBatches.js'
import { createPixelImages } from '../sources/pixelImages.js'
import { createTokenTexts } from '../sources/tokenTexts.js'
import { finishScratch, stepEmbedder } from './finishScratch.js'
import { fitMicroBatch } from './fitMicroBatch.js'
import type { MethodContext, TrainingMethod } from './method.js'
import { createScratchWatch } from './scratchWatch.js'

/** How much larger than the model sees them pictures are kept, to leave room for crops. */
const augmentationMargin = 1.15
/** Pictures up to this size are kept in memory. */
const pictureMemoryBytes = 2 ** 30

export const scratch: TrainingMethod = async (context) => {
  const { spec } = context.run
  const items = mergePairs(context.pairs.train)
  const wanted = await readArchitecture(spec.arch)
  const files = chooseTokenizer(context, items, wanted)
  const tokenizer = createTokenizer(files)
  const architecture = { ...wanted, text: { ...wanted.text, vocabSize: tokenizer.vocabSize } }
  const preprocessing = describePreprocessing({
    imageSize: wanted.image.imageSize,
    resize: 'crop',
    background: [255, 255, 255],
  })
  const config = parsePreprocessConfig(preprocessing, 'preprocessor_config.json')
  const store = await readPictures(context, items, config)
  const kept = keepReadable(items, store)
  const captions = buildCaptionTable(kept.items)
  const towers = buildTowers(architecture, { seed: spec.seed })
  const parts = { context, towers, architecture, tokenizer, tokenizerFiles: files, preprocessing }
  const pool = openPool(context, items, store, config)
  return {
    towers,
    source: createPairBatches({
      captions,
      images: createPixelImages(pool, config.width, kept.pictures),
      texts: createTokenTexts(captions.texts, tokenizer, architecture.text.contextLength),
      batchSize: spec.batchSize,
      seed: spec.seed,
      ahead: 1,
    }),
    microBatchSize: fitMicroBatch(wanted, spec.microBatchSize),
    pairs: kept.items.length,
    heldOut: mergePairs(context.pairs.heldOut).length,
    skipped: store.skipped,
    state: files,
    before: null,
    watch: createScratchWatch(context.pairs.heldOut, {
      config,
      signal: context.signal,
      texts: (step) => stepEmbedder(step, parts).texts,
    }),
    finish: (step) => finishScratch(step, parts),
    dispose: () => pool.dispose(),
  }
}

/** An architecture that reads pictures, not features. */
async function readArchitecture(arch: string | null) {
  const architecture = await loadArchitecture(arch ?? 'small')
  const { image } = architecture
  if (image.kind === 'vit') return { ...architecture, image }
  throw new AppError('INVALID_ARGUMENT', {
    argument: 'arch',
    problem: 'this architecture reads features of another model, not pictures',
  })
}

const tokenizerFilesSchema = z.object({
  tokenizer: z.record(z.string(), z.unknown()),
  tokenizerConfig: z.record(z.string(), z.unknown()),
  specialTokensMap: z.record(z.string(), z.unknown()),
})

/** The tokenizer of the interrupted run, or one learned from the captions. */
function chooseTokenizer(
  { state, onEvent }: MethodContext,
  items: readonly TrainingPair[],
  { text }: Architecture,
): TokenizerFiles {
  if (state !== null) return tokenizerFilesSchema.parse(state)
  const report = (done: number) =>
    onEvent({ type: 'preparing', phase: 'learning words', done, total: 1 })
  report(0)
  const captions = items.flatMap((item) => item.captions)
  const files = trainTokenizer(captions, text)
  report(1)
  return files
}

function readPictures(
  { run, workFolder, signal, onEvent }: MethodContext,
  items: readonly TrainingPair[],
  config: PreprocessConfig,
): Promise<PictureStore> {
  const margin = run.spec.augment ? augmentationMargin : 1
  return preparePictures({
    paths: items.map((item) => item.image),
    size: Math.round(config.width * margin),
    decode: async (path, size) => {
      const enlarged = { width: size, height: size, resize: { kind: 'crop', edge: size } } as const
      return (await loadCrop(path, { ...config, ...enlarged })).data
    },
    folder: workFolder,
    memoryLimitBytes: pictureMemoryBytes,
    signal,
    onProgress: (done, total) =>
      onEvent({ type: 'preparing', phase: 'reading pictures', done, total }),
  })
}

/** The items whose pictures could be read, and their numbers in the store. */
function keepReadable(items: readonly TrainingPair[], store: PictureStore) {
  const pictures = Int32Array.from(items.flatMap((_, i) => (store.readable[i] ? [i] : [])))
  if (pictures.length === 0) {
    throw new AppError('NO_PICTURES', { path: dirname(items[0]?.image ?? '') })
  }
  return { items: [...pictures].map((i) => items[i]!), pictures }
}

function openPool(
  { run }: MethodContext,
  items: readonly TrainingPair[],
  store: PictureStore,
  config: PreprocessConfig,
): PixelPool {
  const data = {
    pictures: store.data,
    storedSize: store.size,
    size: config.width,
    normalisation: { rescaleFactor: config.rescaleFactor, mean: config.mean, std: config.std },
    augmentation: run.spec.augment ? defaultAugmentation : null,
    mirrorable: Uint8Array.from(items, ({ captions }) => (mayMirror(captions) ? 1 : 0)),
    seed: run.spec.seed,
  }
  return startPixelPool(data, Math.min(4, Math.max(1, availableParallelism() - 1)))
}
