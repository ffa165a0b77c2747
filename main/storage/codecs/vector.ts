/** Vectors as BLOBs: little-endian on every machine. */
import { endianness } from 'node:os'

const bigEndian = endianness() === 'BE'

/** float32, little-endian. */
export function encodeFloat32(vector: Float32Array): Buffer {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  return bigEndian ? Buffer.from(bytes).swap32() : bytes
}

export function decodeFloat32(blob: Buffer): Float32Array<ArrayBuffer> {
  const bytes = new Uint8Array(blob)
  if (bigEndian) Buffer.from(bytes.buffer).swap32()
  return new Float32Array(bytes.buffer)
}

/** Bits of float16, little-endian. */
export function encodeFloat16Bits(vector: Uint16Array): Buffer {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
  return bigEndian ? Buffer.from(bytes).swap16() : bytes
}

export function decodeFloat16Bits(blob: Buffer): Uint16Array {
  const bytes = new Uint8Array(blob)
  if (bigEndian) Buffer.from(bytes.buffer).swap16()
  return new Uint16Array(bytes.buffer)
}
