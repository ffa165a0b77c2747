/**
 * Long columns of whole numbers as short texts: a JSON array of 100,000 numbers takes a client ten
 * times as long to check and to read.
 */
// The small form of zod: the window loads this file too, before anything is seen.
import * as z from 'zod/mini'

/** How many bytes each number takes, 2 or 4, and then the numbers, little-endian, in base64. */
export const packedSchema = z.string().brand('packed')
export type Packed = z.infer<typeof packedSchema>

declare global {
  interface Uint8ArrayConstructor {
    /** Of ECMAScript 2026: browsers have it, not every Node. */
    fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Uint8Array(128)
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value

/** The numbers of a column, each from 0 to 2^32 - 1. */
export function unpack(packed: Packed): Uint32Array {
  const text = packed.slice(1)
  const { buffer } = Uint8Array.fromBase64?.(text) ?? fromBase64(text)
  return packed.startsWith('2') ? new Uint32Array(new Uint16Array(buffer)) : new Uint32Array(buffer)
}

/** For Node before 25, which has none of its own. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const at = (index: number) => values[text.charCodeAt(index)]!
  for (let from = 0, to = 0; from < text.length; from += 4) {
    const word = (at(from) << 18) | (at(from + 1) << 12) | (at(from + 2) << 6) | at(from + 3)
    bytes[to++] = word >> 16
    bytes[to++] = word >> 8
    bytes[to++] = word
  }
  return bytes
}
