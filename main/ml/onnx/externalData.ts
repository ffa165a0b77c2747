/** Reads the tensors that a model keeps in files beside it, and never anything outside its folder. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { InvalidProto } from './invalidProto.js'
import type { ExternalRange, ReadExternal } from './tensorProto.js'

/** Largest single read; Node refuses more than 2 GiB - 1 in one call. */
const readChunkBytes = 1 << 30

/**
 * A reader of external ranges for the model at `modelPath`.
 *
 * Blocks its caller, like the decoding that calls it: large models are read in a worker or a child.
 */
export function externalDataBeside(modelPath: string): ReadExternal {
  return (range) => withExternal(modelPath, range, (file) => readRange(file, range))
}

/** Checks that a range is there, and in the model's folder. @throws InvalidProto */
export type CheckExternal = (range: ExternalRange) => void

/** The same without reading anything. */
export function checkExternalBeside(modelPath: string): CheckExternal {
  return (range) => withExternal(modelPath, range, (file) => checkRange(file, range))
}

function withExternal<T>(modelPath: string, range: ExternalRange, work: (file: number) => T): T {
  const path = confine(dirname(resolve(modelPath)), range.location)
  // Non-blocking, so that a named pipe in place of a file cannot hang the reader.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    return work(file)
  } finally {
    closeSync(file)
  }
}

/** The real path of `location` in `folder`. @throws InvalidProto where it leads outside or nowhere */
function confine(folder: string, location: string): string {
  const outside = new InvalidProto(`external data "${location}" lies outside the model's folder`)
  const parts = location.split(/[\\/]/)
  if (isAbsolute(location) || /^[a-z]:/i.test(location) || parts.includes('..')) throw outside
  if (location.includes('\0')) throw outside
  let path: string
  let root: string
  try {
    root = realpathSync(folder)
    path = realpathSync(join(root, location))
  } catch {
    throw new InvalidProto(`external data "${location}" is missing`)
  }
  const inside = relative(root, path)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw outside
  }
  return path
}

function checkRange(file: number, { location, offsetBytes, lengthBytes }: ExternalRange): void {
  const status = fstatSync(file)
  if (!status.isFile()) throw new InvalidProto(`external data "${location}" is not a file`)
  if (offsetBytes + lengthBytes > status.size) {
    throw new InvalidProto(
      `external data "${location}" ends at ${status.size} bytes, before ${offsetBytes + lengthBytes}`,
    )
  }
}

function readRange(file: number, range: ExternalRange): Uint8Array {
  checkRange(file, range)
  const { location, offsetBytes, lengthBytes } = range
  const bytes = new Uint8Array(lengthBytes)
  let done = 0
  while (done < lengthBytes) {
    const wanted = Math.min(readChunkBytes, lengthBytes - done)
    const count = readSync(file, bytes, done, wanted, offsetBytes + done)
    if (count === 0) throw new InvalidProto(`external data "${location}" became shorter`)
    done += count
  }
  return bytes
}
