/** libvips by sharp, set up once: which decoders may run, how many threads, what is kept. */
import sharp, { type SharpOptions } from 'sharp'

// [Note: one thread per picture]
// Pictures are small once shrunk on load, so libvips gains little from several threads on one
// picture; several pictures in flight (libuv's pool has four threads) fill the cores better.
sharp.concurrency(1)

// Every picture is decoded once: a cache of operations would only hold memory.
sharp.cache(false)

// Only the decoders of photo formats may run. A libvips of the system could otherwise hand hostile
// input to ImageMagick, PDF or scientific formats.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadTiff',
    'VipsForeignLoadSvg',
    'VipsForeignLoadHeif',
  ],
})

/** The largest picture that is decoded, in pixels; beyond it lies a decompression bomb or a map. */
export const maxInputPixels = 300_000_000

/** The largest picture file that is read, in bytes. */
export const maxInputBytes = 1024 ** 3

/** The longest that one picture may take, in seconds. */
export const decodeTimeoutSeconds = 60

/** Options of every reading: hostile input is limited, a broken picture is an error, not grey. */
export const inputOptions = {
  failOn: 'error',
  limitInputPixels: maxInputPixels,
  pages: 1,
} as const satisfies SharpOptions

/** What decoded a picture: one that failed is worth another try when this changes. */
export const decoderVersion = `libvips ${sharp.versions.vips}`

export { sharp }
