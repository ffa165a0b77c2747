/** What a benchmark is: something that measures and answers with data. */

/** One measured case; the names of its figures become the columns of the table. */
export type Row = Readonly<Record<string, string | number | null>>

export interface BenchmarkResult {
  /** What was measured, so that a figure can be repeated. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  readonly rows: readonly Row[]
}

export interface Benchmark {
  /** As given on the command line. */
  readonly name: string
  /** What the figures say, in a sentence or two for the table's reader. */
  readonly describe: string
  /** @param settings from `--set name=value`; an unknown or malformed one is an error */
  run(settings: Readonly<Record<string, string>>): Promise<BenchmarkResult>
}
