/**
 * Long columns of whole numbers as short texts: a JSON array of 100,000 numbers takes a client ten
 * times as long to check and to read.
 */
// The small form of zod: the window loads this file too, before anything is seen.
import * as z from 'zod/mini'

/** Unsigned 32-bit numbers, little-endian, in base64. */
export const packedSchema = z.string().brand('packed')
export type Packed = z.infer<typeof packedSchema>

declare global {
  interface Uint8ArrayConstructor {
    /** Of ECMAScript 2026: browsers have it, not every Node. */
    fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const codes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const values = new Uint8Array(128)
codes.forEach((code, value) => {
  values[code] = value
})
/** Letters of one piece of text: an argument list has a bound. */
const pieceLength = 8_192

/** Packs whole numbers from 0 to 2^32 - 1. */
export function pack(numbers: ArrayLike<number>): Packed {
  const bytes = new Uint8Array(Uint32Array.from(numbers).buffer)
  const letters = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(61)
  for (let from = 0, to = 0; from < bytes.length; from += 3) {
    const [a, b = 0, c = 0] = [bytes[from]!, bytes[from + 1], bytes[from + 2]]
    letters[to++] = codes[a >> 2]!
    letters[to++] = codes[((a & 3) << 4) | (b >> 4)]!
    if (from + 1 < bytes.length) letters[to] = codes[((b & 15) << 2) | (c >> 6)]!
    if (from + 2 < bytes.length) letters[to + 1] = codes[c & 63]!
    to += 2
  }
  const pieces: string[] = []
  for (let at = 0; at < letters.length; at += pieceLength) {
    pieces.push(String.fromCharCode(...letters.subarray(at, at + pieceLength)))
  }
  return pieces.join('') as Packed
}

/** The inverse of `pack`. */
export function unpack(packed: Packed): Uint32Array {
  const bytes = Uint8Array.fromBase64?.(packed) ?? fromBase64(packed)
  return new Uint32Array(bytes.buffer)
}

/** For Node before 25, which has none of its own. */
function fromBase64(packed: Packed): Uint8Array<ArrayBuffer> {
  const padding = packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((packed.length / 4) * 3 - padding)
  const at = (index: number) => values[packed.charCodeAt(index)]!
  for (let from = 0, to = 0; from < packed.length; from += 4) {
    const word = (at(from) << 18) | (at(from + 1) << 12) | (at(from + 2) << 6) | at(from + 3)
    bytes[to++] = word >> 16
    bytes[to++] = word >> 8
    bytes[to++] = word
  }
  return bytes
}
