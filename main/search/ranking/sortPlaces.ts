/** Orders places by their values, without a callback for each comparison. */

/** The places of `keys` by rising key; of equal keys the lower place comes first. */
export function sortRising(keys: Uint32Array): Uint32Array {
  // With the place in its lower half, each key is one plain number: sorting those takes a tenth of
  // the time that sorting places by a comparison does.
  const joined = new BigUint64Array(keys.length)
  const halves = new Uint32Array(joined.buffer)
  for (let place = 0; place < keys.length; place++) {
    halves[2 * place + lower] = place
    halves[2 * place + upper] = keys[place]!
  }
  joined.sort()
  const places = new Uint32Array(keys.length)
  for (let at = 0; at < places.length; at++) places[at] = halves[2 * at + lower]!
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

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
const [lower, upper] = littleEndian ? [0, 1] : [1, 0]
