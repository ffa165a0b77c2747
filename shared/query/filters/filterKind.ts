/** What a kind of filter is: its name, how its values are read, and what people are told of it. */

/** A value of a filter, with the text it was read from. */
export interface FilterValue {
  readonly text: string
}

export interface FilterContext {
  /** The local date, "2024-05-03": what `today` means. */
  readonly today: string
}

export interface FilterKind<V extends FilterValue = FilterValue> {
  readonly name: string
  /** What it leaves, in a few words. */
  readonly description: string
  /** A value to show. */
  readonly example: string
  /** `library`: values are completed with what stands in the library; a list: there are no others. */
  readonly values: 'library' | 'free' | readonly string[]
  /** The value, or a sentence about what is wrong with the text. */
  readonly parse: (text: string, context: FilterContext) => V | Problem
}

export interface Problem {
  readonly problem: string
}

/** Any text is a value. */
export function parseText(text: string): FilterValue {
  return { text }
}
