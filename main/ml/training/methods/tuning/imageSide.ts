/** The image encoder of a run and its pictures: cached as far as nothing changes, else as pixels. */
import { dirname } from 'node:path'
import type { TrainingPair } from '../../../../../shared/domain/training.js'
import { AppError } from '../../../../../shared/errors.js'
import type { Tensors } from '../../../runtime/session.js'
import { embedPictures } from '../../features/embedPictures.js'
import { createRandom } from '../../random.js'
import { mergePairs } from '../../sampling/mergePairs.js'
import { augmentationsOf } from '../../sources/table.js'
import type { ImageInputs } from '../../sources/towerInputs.js'
import type { SkippedFile } from '../method.js'
import { openPicturePixels } from '../picturePixels.js'
import { type Frontier, findFrontier } from './frontier.js'
import { openPictureRows } from './frontierRows.js'
import { keepsRowsApart } from './keepsRowsApart.js'
import {
  embedParts,
  fitsOnDisk,
  openOnce,
  rowNumbers,
  type SideEmbedder,
  type SideOptions,
  type SideTower,
} from './sideTower.js'

export interface ImageSide extends SideTower {
  /** The pictures that are trained on, by whose numbers `inputs` goes. */
  readonly items: readonly TrainingPair[]
  readonly skipped: readonly SkippedFile[]
  readonly inputs: ImageInputs
  readonly embedder: SideEmbedder<'images'>
}

/** Throws NO_PICTURES if none can be read, and DISK_FULL. */
export async function openImageSide(options: SideOptions): Promise<ImageSide> {
  const frontier = await chooseFrontier(options)
  return frontier ? openCached(options, frontier) : openPixels(options)
}

/**
 * Null where every picture looks different each time, or what is constant does not fit on the disk or
 * does not lie picture by picture.
 */
async function chooseFrontier({ context, model, tower }: SideOptions): Promise<Frontier | null> {
  const { run, pairs, workFolder } = context
  const { augment, learnFrom } = run.spec
  if (learnFrom.kind !== 'captions') return null
  if (augment && tower.trainable.length > 0) return null
  const { width, height } = model.preprocess
  const shapes = (batch: number) => ({ pixel_values: [batch, 3, height, width] })
  const frontier = findFrontier(tower, { shapes, shared: [], contextLength: 1 })
  if (frontier === null) return null
  const length = frontier.rowDims(1).reduce((a, b) => a * b, 1)
  const pictures = pairs.train.length + pairs.validation.length
  const lengths = Array.from({ length: pictures }, () => length)
  if (!(await fitsOnDisk(lengths, workFolder))) return null
  const { device, threads, seed } = run.spec
  const probes = randomPixels([2, 3, height, width], seed)
  return (await keepsRowsApart(frontier, probes, { device, threads })) ? frontier : null
}

function randomPixels(dims: readonly number[], seed: number): Tensors {
  const random = createRandom(seed)
  const length = dims.reduce((product, dim) => product * dim, 1)
  const data = Float32Array.from({ length }, () => random.between(-1, 1))
  return { pixel_values: { type: 'float32', dims, data } }
}

async function openCached(options: SideOptions, frontier: Frontier): Promise<ImageSide> {
  const { context, model } = options
  const { preprocess } = model
  const all = mergePairs(context.pairs.train)
  const paths = all.map(({ image }) => image)
  const rows = await openPictureRows(paths, preprocess, { frontier, name: 'train-images', context })
  const unreadable = new Set(rows.skipped.map(({ row }) => row))
  const kept = Int32Array.from(all.flatMap((_, row) => (unreadable.has(row) ? [] : [row])))
  if (kept.length === 0) {
    await rows.dispose()
    throw new AppError('NO_PICTURES', { path: dirname(all[0]?.image ?? '') })
  }
  const validation = openOnce((inputs) =>
    openPictureRows(inputs, preprocess, { frontier, name: 'validation-images', context }),
  )
  const dims = frontier.rowDims(1)
  return {
    tower: frontier.after,
    shapes: (batch) => ({ [frontier.value]: [batch * dims[0]!, ...dims.slice(1)] }),
    items: [...kept].map((row) => all[row]!),
    skipped: rows.skipped.map(({ row, reason }) => ({ path: all[row]!.image, reason })),
    inputs: async (items) => rows.part(items.map((item) => kept[item]!)),
    embedder: (step, weights) => async (inputs) => {
      const known = await validation.for(inputs)
      const part = known.part(rowNumbers(inputs.length))
      const embedded = await embedParts('image', inputs.length, part, step, weights)
      return { ...embedded, skipped: known.skipped }
    },
    async dispose() {
      await rows.dispose()
      await validation.dispose()
    },
  }
}

async function openPixels({ context, model, tower }: SideOptions): Promise<ImageSide> {
  const { preprocess: config } = model
  const items = mergePairs(context.pairs.train)
  const augmentations = augmentationsOf(context.run.spec)
  const pictures = await openPicturePixels({ context, items, config, augmentations })
  const shapes = (batch: number) => ({ pixel_values: [batch, 3, config.height, config.width] })
  return {
    tower,
    shapes,
    items: pictures.items,
    skipped: pictures.skipped,
    inputs: pictures.inputs,
    embedder: (step, weights) => (paths) =>
      embedPictures({
        paths,
        config,
        signal: context.signal,
        encode: async (data, count) => {
          const dims = [count, 3, config.height, config.width]
          const pixels = { type: 'float32', dims, data } as const
          return (await step.embed('image', { pixel_values: pixels }, weights)).data as Float32Array
        },
      }),
    dispose: () => pictures.dispose(),
  }
}
