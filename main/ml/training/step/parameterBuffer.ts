/** All trainable numbers in one array, so that an update is two runs and a checkpoint one write. */

/** A named run of numbers within the buffer. */
export interface ParameterEntry {
  readonly name: string
  readonly dims: readonly number[]
  readonly initial: Float32Array
  readonly decayed: boolean
  /** Factor on the learning rate. */
  readonly rate: number
}

/** Numbers that are updated alike, from the end of the range before. */
export interface ParameterRange {
  readonly end: number
  readonly decayed: boolean
  readonly rate: number
}

export interface ParameterLayout {
  readonly length: number
  /** What is decayed comes first. */
  readonly ranges: readonly ParameterRange[]
  readonly places: ReadonlyMap<string, ParameterPlace>
}

interface ParameterPlace {
  readonly offset: number
  readonly length: number
  readonly dims: readonly number[]
}

/** Lays entries out one after another, those that are updated alike together. */
export function layOutParameters(entries: readonly ParameterEntry[]): ParameterLayout {
  const places = new Map<string, ParameterPlace>()
  const ranges: ParameterRange[] = []
  let offset = 0
  for (const { decayed, rate, alike } of groupEntries(entries)) {
    for (const { name, initial, dims } of alike) {
      places.set(name, { offset, length: initial.length, dims })
      offset += initial.length
    }
    ranges.push({ end: offset, decayed, rate })
  }
  return { length: offset, ranges, places }
}

function groupEntries(entries: readonly ParameterEntry[]) {
  const rates = [...new Set(entries.map(({ rate }) => rate))]
  const groups = [true, false].flatMap((decayed) =>
    rates.map((rate) => ({
      decayed,
      rate,
      alike: entries.filter((entry) => entry.decayed === decayed && entry.rate === rate),
    })),
  )
  return groups.filter(({ alike }) => alike.length > 0)
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
