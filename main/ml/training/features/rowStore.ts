/** Rows of numbers computed once and kept in a file, from which a run reads those of each batch. */
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '../../../platform/atomicFiles.js'
import { fromFloat16Array, toFloat16Array } from '../../onnx/float16.js'
import { onFullDisk } from '../onFullDisk.js'
import type { SkippedRow } from './featureCache.js'

export interface RowStoreOptions {
  /** The file; how far it is filled stands in `<path>.json` beside it. */
  readonly path: string
  /** Numbers in each row. */
  readonly lengths: readonly number[]
  /** Computes the rows `start` .. `end - 1`, one after the other; skipped ones count from `start`. */
  readonly compute: (start: number, end: number) => Promise<ComputedRows>
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface ComputedRows {
  readonly data: Float32Array
  readonly skipped: readonly SkippedRow[]
}

export interface RowStore {
  readonly skipped: readonly SkippedRow[]
  /** Puts a row's numbers into `target` from `offset` on. */
  read(row: number, target: Float32Array, offset: number): Promise<void>
  dispose(): Promise<void>
}

/** Rows computed at once, and so the most that a crash costs. */
const rowsAtOnce = 64
/** Rows up to this length keep their precision; longer ones, of activations, are halved. */
const wholeLength = 4096

const stateSchema = z.object({
  total: z.number(),
  done: z.number(),
  skipped: z.array(z.object({ row: z.number(), reason: z.string() })),
})

/** What a store takes on disk. */
export function storedBytes(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + bytesOfRow(length), 0)
}

/** Fills what is not filled yet. Throws DISK_FULL, and the signal's reason when aborted. */
export async function openRowStore(options: RowStoreOptions): Promise<RowStore> {
  const { path, lengths } = options
  const starts = startsOf(lengths)
  return onFullDisk(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'r+').catch(() => open(path, 'w+'))
    try {
      const skipped = await fill(file, starts, options)
      return {
        skipped,
        read: (row, target, offset) => readRow(file, starts[row]!, lengths[row]!, target, offset),
        dispose: () => file.close(),
      }
    } catch (error) {
      await file.close()
      throw error
    }
  })
}

function startsOf(lengths: readonly number[]): Float64Array {
  const starts = new Float64Array(lengths.length + 1)
  lengths.forEach((length, row) => {
    starts[row + 1] = starts[row]! + bytesOfRow(length)
  })
  return starts
}

function bytesOfRow(length: number): number {
  return length * (length <= wholeLength ? 4 : 2)
}

/** Computes the missing rows; returns all that were skipped. */
async function fill(
  file: FileHandle,
  starts: Float64Array,
  { path, lengths, compute, signal, onProgress }: RowStoreOptions,
): Promise<readonly SkippedRow[]> {
  const total = lengths.length
  const state = await readState(path, total, (await file.stat()).size, starts)
  const skipped = [...state.skipped]
  for (let start = state.done; start < total; start += rowsAtOnce) {
    signal.throwIfAborted()
    const end = Math.min(start + rowsAtOnce, total)
    const chunk = await compute(start, end)
    await writeRows(file, starts, lengths.slice(start, end), start, chunk.data)
    await file.datasync()
    skipped.push(...chunk.skipped.map(({ row, reason }) => ({ row: start + row, reason })))
    await writeFileAtomically(`${path}.json`, JSON.stringify({ total, done: end, skipped }))
    onProgress(end, total)
  }
  return skipped
}

/** How far a run before this one has come; not at all if the files do not fit together. */
async function readState(path: string, total: number, sizeBytes: number, starts: Float64Array) {
  const text = await readFile(`${path}.json`, 'utf8').catch(() => 'null')
  const none = { total, done: 0, skipped: [] as SkippedRow[] }
  const { data } = stateSchema.safeParse(parse(text))
  if (data?.total !== total || data.done > total) return none
  return sizeBytes >= starts[data.done]! ? data : none
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function writeRows(
  file: FileHandle,
  starts: Float64Array,
  lengths: readonly number[],
  first: number,
  data: Float32Array,
): Promise<void> {
  let at = 0
  for (const [i, length] of lengths.entries()) {
    const row = data.slice(at, at + length)
    const stored = length <= wholeLength ? row : toFloat16Array(row)
    await writeWhole(file, new Uint8Array(stored.buffer), starts[first + i]!)
    at += length
  }
}

/** A disk that is almost full takes a part and says so only in the count. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

async function readRow(
  file: FileHandle,
  position: number,
  length: number,
  target: Float32Array,
  offset: number,
): Promise<void> {
  const bytes = new Uint8Array(bytesOfRow(length))
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at)
    if (bytesRead === 0) throw new Error('a file of cached features has become shorter')
    at += bytesRead
  }
  const { buffer } = bytes
  const whole = length <= wholeLength
  target.set(whole ? new Float32Array(buffer) : fromFloat16Array(new Uint16Array(buffer)), offset)
}
