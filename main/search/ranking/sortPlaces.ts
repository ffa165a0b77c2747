/** Orders places by their values, without a callback for each comparison. */

/** Two rounds for 32 bits; what is counted by digit still fits a processor's own memory. */
const digitBits = 16
const digits = 1 << digitBits
const mask = digits - 1

/** The places of `keys` by rising key; of equal keys the lower place comes first. */
export function sortRising(keys: Uint32Array): Uint32Array {
  let places = new Uint32Array(keys.length)
  for (let place = 0; place < places.length; place++) places[place] = place
  let sorted = new Uint32Array(keys.length)
  const starts = new Uint32Array(digits)
  // Radix sort: by one digit after the other, the least first.
  for (let shift = 0; shift < 32; shift += digitBits) {
    starts.fill(0)
    for (let place = 0; place < keys.length; place++) starts[(keys[place]! >>> shift) & mask]!++
    let start = 0
    for (let digit = 0; digit < digits; digit++) {
      const count = starts[digit]!
      starts[digit] = start
      start += count
    }
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!
      sorted[starts[(keys[place]! >>> shift) & mask]!++] = place
    }
    const turn = places
    places = sorted
    sorted = turn
  }
  return places
}

/** The places of `values` by falling value, NaN last. */
export function sortFalling(values: Float32Array): Uint32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length)
  const keys = new Uint32Array(values.length)
  for (let place = 0; place < keys.length; place++) {
    const pattern = bits[place]!
    // The bits of floats rise with them, if those of negative ones are turned over.
    const rising = pattern < 0 ? ~pattern : pattern | 0x80000000
    keys[place] = Number.isNaN(values[place]!) ? 0xffffffff : ~rising
  }
  return sortRising(keys)
}
