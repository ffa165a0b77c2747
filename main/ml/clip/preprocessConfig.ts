/** What a model wants done to a picture, as preprocessor_config.json tells it. */
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import type { Kernel } from '../../platform/images/decodeImage.js'
import { parseModelPart, readJson } from './readJson.js'

type Rgb = readonly [number, number, number]

/** Preprocessing as it is carried out. A picture becomes `[3, height, width]`. */
export interface PreprocessConfig {
  readonly width: number
  readonly height: number
  /** Stretch to the size, or scale the shorter edge to `edge` and keep the middle. */
  readonly resize: { readonly kind: 'stretch' } | { readonly kind: 'crop'; readonly edge: number }
  readonly kernel: Kernel
  /** A pixel of 0 to 255 becomes `(pixel * rescaleFactor - mean) / std`, by channel. */
  readonly rescaleFactor: number
  readonly mean: Rgb
  readonly std: Rgb
  /** Laid under transparent pictures, 0 to 255. */
  readonly background: Rgb
}

/** Larger pictures would take gigabytes in a batch. */
const size = z.number().int().positive().max(4_096)
const channels = z.union([
  z.number().transform((v): Rgb => [v, v, v]),
  z.tuple([z.number(), z.number(), z.number()]),
])
const square = size.transform((side) => ({ height: side, width: side }))
const rectangle = z.object({ height: size, width: size })

/** The file, as CLIP's, SigLIP's and ViT's image processors of Hugging Face write it. */
const fileSchema = z.object({
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  do_resize: z.literal(true, 'must be true, as pictures come in all sizes').default(true),
  size: z.union([size, z.object({ shortest_edge: size }), rectangle]),
  resample: z.number().int().min(0).max(5).optional(),
  do_center_crop: z.boolean().default(false),
  crop_size: z.union([square, rectangle]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: channels.optional(),
  image_std: channels.optional(),
  background: z.tuple([z.number(), z.number(), z.number()]).default([255, 255, 255]),
  do_pad: z.literal(false, 'is not supported').nullish(),
  do_thumbnail: z.literal(false, 'is not supported').nullish(),
  do_crop_margin: z.literal(false, 'is not supported').nullish(),
  do_flip_channel_order: z.literal(false, 'is not supported').nullish(),
})
type PreprocessFile = z.infer<typeof fileSchema>

/** PIL's numbers of filters: nearest, lanczos, bilinear, bicubic; box and hamming become bilinear. */
const kernels: readonly Kernel[] = ['nearest', 'lanczos3', 'linear', 'cubic', 'linear', 'linear']

/** @throws AppError MODEL_INVALID naming the file and what in it does not fit */
export async function readPreprocessConfig(folder: string): Promise<PreprocessConfig> {
  const path = join(folder, 'preprocessor_config.json')
  return toConfig(path, await readJson(path, fileSchema))
}

/** The same for parsed contents; `path` is only named in the error. */
export function parsePreprocessConfig(content: unknown, path: string): PreprocessConfig {
  return toConfig(path, parseModelPart(path, fileSchema, content))
}

function toConfig(path: string, file: PreprocessFile): PreprocessConfig {
  const normalizes = file.do_normalize && file.image_mean && file.image_std
  return {
    ...toGeometry(path, file),
    kernel: kernels[file.resample ?? defaultResample(file)]!,
    rescaleFactor: file.do_rescale ? file.rescale_factor : 1,
    mean: normalizes ? file.image_mean! : [0, 0, 0],
    std: normalizes ? file.image_std! : [1, 1, 1],
    background: file.background,
  }
}

function toGeometry(
  path: string,
  file: PreprocessFile,
): Pick<PreprocessConfig, 'width' | 'height' | 'resize'> {
  const crop = file.do_center_crop ? file.crop_size : undefined
  const wanted = toNamedSize(file.size, file.do_center_crop)
  if (!('shortest_edge' in wanted)) {
    if (crop && (crop.width !== wanted.width || crop.height !== wanted.height)) {
      throw invalid(path, 'size and crop_size: stretching and then cropping is not supported')
    }
    return { ...wanted, resize: { kind: 'stretch' } }
  }
  const edge = wanted.shortest_edge
  if (!crop) {
    throw invalid(path, 'size: without a crop_size, pictures would come out in different shapes')
  }
  if (Math.max(crop.width, crop.height) > edge) {
    throw invalid(path, `crop_size: larger than the shortest edge of ${edge}`)
  }
  return { width: crop.width, height: crop.height, resize: { kind: 'crop', edge } }
}

/** A bare number, in older files: the shortest edge where pictures are cropped, else a square. */
function toNamedSize(
  wanted: PreprocessFile['size'],
  crops: boolean,
): Exclude<PreprocessFile['size'], number> {
  if (typeof wanted !== 'number') return wanted
  return crops ? { shortest_edge: wanted } : { width: wanted, height: wanted }
}

/** What Hugging Face takes where the file is silent: bicubic for CLIP and SigLIP, else bilinear. */
function defaultResample(file: PreprocessFile): number {
  const name = file.image_processor_type ?? file.feature_extractor_type ?? ''
  return /clip/i.test(name) ? 3 : 2
}

function invalid(path: string, reason: string): AppError {
  return new AppError('MODEL_INVALID', { path, reason })
}

/** How a model built here sees pictures. */
export interface PreprocessChoice {
  readonly imageSize: number
  readonly resize: 'crop' | 'stretch'
  readonly background: Rgb
}

/** Mean and deviation of the pixels that CLIP was trained on; as good as any for photos. */
const clipMean: Rgb = [0.48145466, 0.4578275, 0.40821073]
const clipStd: Rgb = [0.26862954, 0.26130258, 0.27577711]

/**
 * The contents of preprocessor_config.json for a model built here.
 *
 * [Note: Lanczos for our own models]
 * The filter is Lanczos, as transformers.js averages over the source pixels for that one alone: its
 * bicubic looks at 16 of them however large the picture, which aliases, and differs from ours (and
 * from Pillow's) by 0.05 to 0.1 standard deviations on photographs. With Lanczos it gives our very
 * pixels, and a model trained here sees elsewhere what it was trained on.
 */
export function describePreprocessing(choice: PreprocessChoice): Record<string, unknown> {
  const square = { height: choice.imageSize, width: choice.imageSize }
  const crops = choice.resize === 'crop'
  return {
    image_processor_type: 'CLIPImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: crops ? { shortest_edge: choice.imageSize } : square,
    resample: 1,
    do_center_crop: crops,
    ...(crops ? { crop_size: square } : {}),
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: clipMean,
    image_std: clipStd,
    background: choice.background,
  }
}
