/** All trainable numbers in one array, so that an update is two runs and a checkpoint one write. */

/** A named run of numbers within the buffer. */
export interface ParameterEntry {
  readonly name: string
  readonly dims: readonly number[]
  readonly initial: Float32Array
  readonly decayed: boolean
}

export interface ParameterLayout {
  readonly length: number
  /** Numbers before this index decay, those from it on do not. */
  readonly decayedLength: number
  readonly places: ReadonlyMap<string, ParameterPlace>
}

interface ParameterPlace {
  readonly offset: number
  readonly length: number
  readonly dims: readonly number[]
}

/** Lays entries out one after another, decayed ones first. */
export function layOutParameters(entries: readonly ParameterEntry[]): ParameterLayout {
  const places = new Map<string, ParameterPlace>()
  let offset = 0
  let decayedLength = 0
  for (const decayed of [true, false]) {
    for (const entry of entries.filter((e) => e.decayed === decayed)) {
      places.set(entry.name, { offset, length: entry.initial.length, dims: entry.dims })
      offset += entry.initial.length
    }
    if (decayed) decayedLength = offset
  }
  return { length: offset, decayedLength, places }
}

/** A new array of the layout's length with the entries' initial values. */
export function fillParameters(
  layout: ParameterLayout,
  entries: readonly ParameterEntry[],
): Float32Array {
  const values = new Float32Array(layout.length)
  for (const { name, initial } of entries) values.set(initial, layout.places.get(name)!.offset)
  return values
}

/** Views of `values`, one for each parameter: writing to one changes the other. */
export function viewParameters(
  layout: ParameterLayout,
  values: Float32Array,
): Map<string, Float32Array> {
  return new Map(
    [...layout.places].map(([name, { offset, length }]) => [
      name,
      values.subarray(offset, offset + length),
    ]),
  )
}
