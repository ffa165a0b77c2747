/** Watches a run that learns from pictures alone on held-out pictures, which it only shows. */
import type { TrainingPair } from '../../../../shared/domain/training.js'
import type { PreprocessConfig } from '../../clip/preprocessConfig.js'
import { evaluateViews, readViewedPictures, type ViewedPictures } from '../evaluateViews.js'
import type { ContrastiveStep } from '../step/contrastiveStep.js'
import type { Watch } from '../watch.js'

/** Pictures measured on, so that a measurement takes as long however many are held out. */
const mostPictures = 256

/** Null without held-out pictures. */
export function createViewWatch(
  heldOut: readonly TrainingPair[],
  config: PreprocessConfig,
  signal: AbortSignal,
): Watch | null {
  if (heldOut.length < 2) return null
  let known: Promise<ViewedPictures> | undefined
  return {
    part: 'heldOut',
    measurements: null,
    async measure(step) {
      known ??= readViewedPictures(heldOut, config, signal, mostPictures)
      const pictures = await evaluateViews(await known, pictureEncoder(step, config), signal)
      return { report: null, pictures, enough: false }
    },
  }
}

/** The averaged image tower of a step, as an encoder of pixel values. */
export function pictureEncoder(step: ContrastiveStep, { width, height }: PreprocessConfig) {
  return async (data: Float32Array, count: number): Promise<Float32Array> => {
    const pixels = { type: 'float32', dims: [count, 3, height, width], data } as const
    const { data: rows } = (await step.embed('image', { pixel_values: pixels }, 'average'))!
    return rows as Float32Array
  }
}
