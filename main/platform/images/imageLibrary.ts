/** libvips by sharp, set up once: which decoders may run, how many threads, what is kept. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FormatEnum, Sharp, SharpInput, SharpOptions } from 'sharp'
import { z } from 'zod'

type Library = typeof import('sharp')['default']

const require = createRequire(import.meta.url)
let loaded: Library | null = null

/** Loaded with the first picture: the engine's start, which shows none itself, would wait for it. */
function library(): Library {
  loaded ??= setUp(require('sharp') as Library)
  return loaded
}

function setUp(sharp: Library): Library {
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
  return sharp
}

/** See sharp's documentation. */
export function sharp(input: SharpInput, options?: SharpOptions): Sharp {
  return library()(input, options)
}

/** File extensions, with their dot, of a format that this libvips was built to read. */
export function readableExtensions(format: keyof FormatEnum): readonly string[] {
  // Some have two dots, of formats within others.
  const suffixes = library().format[format].input.fileSuffix ?? []
  return suffixes.filter((suffix) => suffix.lastIndexOf('.') === 0)
}

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
export const decoderVersion = `sharp ${versionOfSharp()}`

/** It comes with a libvips of its own. Read from its package, so that it need not be loaded. */
function versionOfSharp(): string {
  const manifest = join(dirname(require.resolve('sharp')), '..', 'package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version
}
