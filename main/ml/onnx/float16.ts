/** Between float32 numbers and the 16 bits of IEEE 754 half precision, rounded to nearest even. */

/*
 * [Note: float16 by tables] (van der Zijp, "Fast Half Float Conversions", 2008.) The upper 9 bits
 * of a float32, sign and exponent, choose a base to which the mantissa is added, shifted by an
 * amount that the exponent chooses too: 13 for normal halves, up to 24 for subnormal ones. Only the
 * rounding is ours: half of the last kept bit's weight, less one where that bit is even, is added
 * to the mantissa before it is shifted. A carry runs into the exponent, where it belongs.
 */
const bases = new Uint16Array(512)
const shifts = new Uint8Array(512)
for (let i = 0; i < 256; i++) {
  const exponent = i - 127
  const [base, shift] = encodingOf(exponent)
  bases[i] = base
  bases[i | 256] = base | 0x8000
  shifts[i] = shift
  shifts[i | 256] = shift
}

/** The half's bits without its mantissa, and how far the 24-bit or 23-bit mantissa is shifted. */
function encodingOf(exponent: number): [base: number, shift: number] {
  if (exponent < -25) return [0, 31]
  if (exponent < -14) return [0, -exponent - 1]
  if (exponent <= 15) return [(exponent + 15) << 10, 13]
  return [0x7c00, 31]
}

/** By bits; made when it is first needed, as every start would wait for it. */
let floatsOfHalves: Float32Array | null = null

function decodeAllHalves(): Float32Array {
  const floats = new Float32Array(65_536)
  for (let bits = 0; bits < floats.length; bits++) floats[bits] = decodeHalf(bits)
  return floats
}

function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 0x3ff
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * mantissa * 2 ** -24
  return sign * (mantissa + 1024) * 2 ** (exponent - 25)
}

/** The bits of each value; too large ones become infinite, NaN stays NaN. */
export function toFloat16Array(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < words.length; i++) halves[i] = encodeHalf(words[i]!)
  return halves
}

function encodeHalf(word: number): number {
  const index = word >>> 23
  const shift = shifts[index]!
  const base = bases[index]!
  const mantissa = word & 0x7fffff
  if (shift === 31) return (index & 255) === 255 && mantissa !== 0 ? base | 0x200 : base
  // A subnormal half spells out the leading one that a normal half implies.
  const significand = shift === 13 ? mantissa : mantissa | 0x800000
  const odd = (significand >>> shift) & 1
  return base + ((significand + (1 << (shift - 1)) - 1 + odd) >>> shift)
}

/** The value of each half, exactly. */
export function fromFloat16Array(halves: Uint16Array): Float32Array<ArrayBuffer> {
  floatsOfHalves ??= decodeAllHalves()
  const values = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) values[i] = floatsOfHalves[halves[i]!]!
  return values
}
