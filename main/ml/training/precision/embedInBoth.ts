/** Embeds pictures and texts by a model's encoders in both precisions, and times one against the other. */
import {
  type EncoderOptions,
  type ImageEncoder,
  openImageEncoder,
  openTextEncoder,
} from '../../clip/encoders.js'
import type { EncoderPrecision, ModelDirectory } from '../../clip/modelDirectory.js'
import { embedPictures } from '../features/embedPictures.js'

/** One set of rows for each precision, `[rows, dim]` of length 1 each, and how many times as fast 8 bits are. */
export interface BothEmbedded {
  readonly rows: Readonly<Record<EncoderPrecision, Float32Array>>
  readonly speedUp: number
}

export interface EmbedInBothOptions {
  readonly threads: number
  readonly signal: AbortSignal
  /** `performance.now()` at which no more pictures are begun. */
  readonly deadlineMs: number
}

const precisions: readonly EncoderPrecision[] = ['full', 'search']

/** As many as indexing encodes at once: 8 bits round activations by the largest of a batch. */
const encodedAtOnce = 8
/** Pictures between two looks at the clock. */
const chunk = 4 * encodedAtOnce

/** Rows of the pictures that can be read in time. */
export async function embedPicturesInBoth(
  model: ModelDirectory,
  pictures: readonly string[],
  options: EmbedInBothOptions,
): Promise<BothEmbedded> {
  const open = (precision: EncoderPrecision) =>
    openImageEncoder(model, encoderOptions(options, precision))
  return withBoth(open, async (encoders) => {
    const times = createTimes()
    const parts = { full: [] as Float32Array[], search: [] as Float32Array[] }
    for (let at = 0; at < pictures.length; at += chunk) {
      if (at > 0 && performance.now() > options.deadlineMs) break
      await embedPictures({
        paths: pictures.slice(at, at + chunk),
        config: model.preprocess,
        signal: options.signal,
        encode: async (pixels, count) => {
          const both = await encodeInBoth(encoders, pixels, count, times)
          for (const precision of precisions) parts[precision].push(both[precision])
          return both.full
        },
      })
    }
    return { rows: joined(parts), speedUp: times.speedUp() }
  })
}

/** Runs of a single text, as searches are, for the time they take. */
const timedTexts = 7
const timedText = 'a photo of a red boat on the water'

export async function embedTextsInBoth(
  model: ModelDirectory,
  texts: readonly string[],
  options: EmbedInBothOptions,
): Promise<BothEmbedded> {
  const open = (precision: EncoderPrecision) =>
    openTextEncoder(model, encoderOptions(options, precision))
  return withBoth(open, async (encoders) => {
    const rows: Record<EncoderPrecision, Float32Array> = {
      full: new Float32Array(),
      search: new Float32Array(),
    }
    for (const precision of precisions) {
      options.signal.throwIfAborted()
      if (texts.length > 0) rows[precision] = await encoders[precision].encode(texts)
    }
    const times = createTimes()
    for (let i = 0; i < timedTexts; i++) {
      for (const precision of precisions) {
        await times.take(precision, () => encoders[precision].encode([timedText]))
      }
    }
    return { rows, speedUp: times.speedUp() }
  })
}

async function encodeInBoth(
  encoders: Readonly<Record<EncoderPrecision, ImageEncoder>>,
  pixels: Float32Array,
  count: number,
  times: Times,
): Promise<Record<EncoderPrecision, Float32Array>> {
  const size = pixels.length / count
  const parts = { full: [] as Float32Array[], search: [] as Float32Array[] }
  for (let at = 0; at < count; at += encodedAtOnce) {
    const batch = Math.min(encodedAtOnce, count - at)
    for (const precision of precisions) {
      const some = pixels.slice(at * size, (at + batch) * size)
      const run = () => encoders[precision].encode(some, batch)
      // Times are compared between whole batches only.
      const { embeddings } = batch < encodedAtOnce ? await run() : await times.take(precision, run)
      parts[precision].push(embeddings)
    }
  }
  return joined(parts)
}

interface Times {
  take<T>(precision: EncoderPrecision, run: () => Promise<T>): Promise<T>
  /** Of the medians; 1 if too little was run. */
  speedUp(): number
}

/** Times in turn, so that a busy machine slows both kinds alike; the first of each is to warm up. */
function createTimes(): Times {
  const taken: Record<EncoderPrecision, number[]> = { full: [], search: [] }
  return {
    async take(precision, run) {
      const start = performance.now()
      const result = await run()
      taken[precision].push(performance.now() - start)
      return result
    },
    speedUp() {
      const [full, search] = precisions.map((precision) => median(taken[precision].slice(1)))
      return full === undefined || search === undefined ? 1 : full / search
    },
  }
}

function median(times: number[]): number | undefined {
  return times.sort((a, b) => a - b)[times.length >> 1]
}

function encoderOptions({ threads }: EmbedInBothOptions, precision: EncoderPrecision) {
  return { device: 'cpu', threads, precision } satisfies EncoderOptions
}

async function withBoth<E extends { dispose(): Promise<void> }, T>(
  open: (precision: EncoderPrecision) => Promise<E>,
  work: (encoders: Readonly<Record<EncoderPrecision, E>>) => Promise<T>,
): Promise<T> {
  const full = await open('full')
  try {
    const search = await open('search')
    try {
      return await work({ full, search })
    } finally {
      await search.dispose()
    }
  } finally {
    await full.dispose()
  }
}

function joined(parts: Readonly<Record<EncoderPrecision, readonly Float32Array[]>>) {
  return { full: concat(parts.full), search: concat(parts.search) }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
