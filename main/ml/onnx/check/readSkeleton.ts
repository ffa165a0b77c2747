/** Reads an ONNX file without its weights: all that it says, and how many bytes each weight has. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { AppError } from '../../../../shared/errors.js'
import { systemErrorCode, toFileError } from '../../../platform/fileErrors.js'
import { InvalidProto } from '../invalidProto.js'
import { decodeModelProto, fieldNumbers, type ModelProto } from '../modelProto.js'
import { type FileWindow, openFileWindow } from './fileWindow.js'

export interface ModelSkeleton {
  /** Initializers have no raw bytes here, but for short ones, such as shapes. */
  readonly model: ModelProto
  /** How many raw bytes each initializer has, in their order; null for those without. */
  readonly rawBytes: readonly (number | null)[]
}

/** What a graph says beside its weights is some kilobytes; weights in nodes come to this as well. */
const largestSkeletonBytes = 2 ** 29
/** Protobuf knows no larger messages. */
const largestFileBytes = 2 ** 31 - 1

/**
 * Takes milliseconds for a file of any size.
 *
 * @throws InvalidProto for malformed or absurd contents; the file system's errors
 */
export function readSkeleton(path: string): ModelSkeleton {
  // Non-blocking, so that a named pipe in place of a file cannot hang the reader.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw new InvalidProto('it is not a plain file')
    if (status.size > largestFileBytes) throw new InvalidProto('it is larger than 2 GiB')
    const copy = createCopy(openFileWindow(file, status.size))
    const pieces = copyMessage(copy, 0, status.size, {
      [fieldNumbers.modelGraph]: (start, end) => copyGraph(copy, start, end),
    })
    return { model: decodeModelProto(Buffer.concat(pieces)), rawBytes: copy.rawBytes }
  } finally {
    closeSync(file)
  }
}

/** What went wrong with the file at `path`, for people. */
export function toModelFileError(error: unknown, path: string): AppError {
  const code = systemErrorCode(error)
  if (code !== null && !code.startsWith('ERR_')) return toFileError(error, path)
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('ONNX_INVALID', { path, reason }, { cause: error })
}

interface Copy {
  readonly window: FileWindow
  readonly rawBytes: (number | null)[]
  /** @throws InvalidProto once the copies come to more than is sensible */
  take(start: number, end: number): Buffer
}

type CopyField = (start: number, end: number) => Buffer[]

function createCopy(window: FileWindow): Copy {
  let copied = 0
  return {
    window,
    rawBytes: [],
    take(start, end) {
      copied += end - start
      if (copied > largestSkeletonBytes)
        throw new InvalidProto('it is too large beside its weights')
      return window.take(start, end)
    },
  }
}

function copyGraph(copy: Copy, start: number, end: number): Buffer[] {
  return copyMessage(copy, start, end, {
    [fieldNumbers.graphInitializer]: (from, to) => copyTensor(copy, from, to),
  })
}

/** Enough for a shape. */
const shortBytes = 1024

/** A tensor without its raw bytes, whose number is noted. */
function copyTensor(copy: Copy, start: number, end: number): Buffer[] {
  const place = copy.rawBytes.push(null) - 1
  return copyMessage(copy, start, end, {
    [fieldNumbers.tensorRawData]: (from, to) => {
      copy.rawBytes[place] = to - from
      return to - from > shortBytes ? [] : [copy.take(from, to)]
    },
  })
}

/** Wire types of protobuf: varint, 8 bytes, length and bytes, 4 bytes. */
const wire = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const

/** The message from `start` to `end` with the fields in `changed` as these copy them. */
function copyMessage(
  { window, take }: Copy,
  start: number,
  end: number,
  changed: Readonly<Record<number, CopyField>>,
): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = start; at < end; ) {
    const tag = window.varint(at)
    const type = tag.value & 7
    const field = Math.floor(tag.value / 8)
    const { from, to } = extentOf(window, type, tag.end)
    if (to > end) throw new InvalidProto('it ends in the midst of a field')
    const copyField = type === wire.bytes ? changed[field] : undefined
    if (copyField === undefined) pieces.push(take(at, to))
    else pieces.push(take(at, tag.end), ...withLength(copyField(from, to)))
    at = to
  }
  return pieces
}

function extentOf(window: FileWindow, type: number, at: number): { from: number; to: number } {
  if (type === wire.varint) return { from: at, to: window.varint(at).end }
  if (type === wire.eightBytes) return { from: at, to: at + 8 }
  if (type === wire.fourBytes) return { from: at, to: at + 4 }
  if (type !== wire.bytes) throw new InvalidProto('it is no protobuf message')
  const { value, end } = window.varint(at)
  return { from: end, to: end + value }
}

function withLength(pieces: Buffer[]): Buffer[] {
  let length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const varint: number[] = []
  do {
    varint.push((length & 0x7f) | (length > 0x7f ? 0x80 : 0))
    length >>>= 7
  } while (length > 0)
  return [Buffer.from(varint), ...pieces]
}
