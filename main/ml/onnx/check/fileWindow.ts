/** Reads pieces of a file in order, a window at a time, so that what is skipped is never read. */
import { readSync } from 'node:fs'
import { InvalidProto } from '../invalidProto.js'

const windowBytes = 1 << 16

export interface FileWindow {
  readonly sizeBytes: number
  /** The bytes from `start` to `end`, as a copy. @throws InvalidProto where the file ends before */
  take(start: number, end: number): Buffer
  /** A varint at `at`, and where it ends. @throws InvalidProto for one of more than ten bytes */
  varint(at: number): { readonly value: number; readonly end: number }
}

/** @param file an open file of `sizeBytes` */
export function openFileWindow(file: number, sizeBytes: number): FileWindow {
  let start = 0
  let window: Buffer = Buffer.alloc(0)

  function byteAt(at: number): number {
    if (at < start || at >= start + window.length) {
      start = at
      window = read(at, Math.min(at + windowBytes, sizeBytes))
    }
    const byte = window[at - start]
    if (byte === undefined) throw new InvalidProto('it ends in the midst of a field')
    return byte
  }

  function read(from: number, to: number): Buffer {
    if (to > sizeBytes) throw new InvalidProto('it ends in the midst of a field')
    const bytes = Buffer.alloc(Math.max(0, to - from))
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(file, bytes, done, bytes.length - done, from + done)
      if (count === 0) throw new InvalidProto('it became shorter')
      done += count
    }
    return bytes
  }

  return {
    sizeBytes,
    take(from, to) {
      const held = from >= start && to <= start + window.length
      return held ? Buffer.from(window.subarray(from - start, to - start)) : read(from, to)
    },
    varint(at) {
      let value = 0
      for (let i = 0; i < 10; i++) {
        const byte = byteAt(at + i)
        // Beyond 2^53 numbers are inexact, but so large that no check takes them.
        value += (byte & 0x7f) * 2 ** (7 * i)
        if (byte < 0x80) return { value, end: at + i + 1 }
      }
      throw new InvalidProto('it has a number of more than ten bytes')
    },
  }
}
