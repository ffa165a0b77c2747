/** Times work next to the GEMM peak, so that their ratio holds on a machine that others use too. */
import { measureGemmPeak } from '../main/ml/runtime/gemmPeak.js'
import { percentile } from './percentiles.js'

/** What is timed; one run of it. */
type Work = () => Promise<unknown>

export interface CompareOptions {
  readonly rounds: number
  /** Time for the peak, and for each work, in each round; a work runs once at least. */
  readonly seconds: number
  readonly threads: number
}

/** What one round measured. */
export interface Round<Name extends string> {
  /** Mean of the two around the works, in GFLOP/s. */
  readonly peak: number
  /** Median run of each work. */
  readonly seconds: Readonly<Record<Name, number>>
}

/** Runs everything once to warm up, then in rounds: the peak, each work, the peak again. */
export async function compareWithPeak<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  { rounds, seconds, threads }: CompareOptions,
): Promise<Round<Name>[]> {
  const entries = Object.entries<Work>(works)
  for (const [, work] of entries) await work()
  const measured: Round<Name>[] = []
  let before = await measureGemmPeak({ threads, seconds })
  for (let round = 0; round < rounds; round++) {
    const times: [string, number][] = []
    for (const [name, work] of entries) times.push([name, await medianSeconds(work, seconds)])
    const after = await measureGemmPeak({ threads, seconds })
    measured.push({
      peak: (before + after) / 2,
      seconds: Object.fromEntries(times) as Record<Name, number>,
    })
    before = after
  }
  return measured
}

/** The median over the rounds of a figure of each. */
export function medianOf<R>(rounds: readonly R[], figure: (round: R) => number): number {
  return percentile(rounds.map(figure), 0.5)
}

/** Share of the peak at which `flops` operations in `seconds` ran. */
export function shareOfPeak(flops: number, seconds: number, peakGflops: number): number {
  return flops / seconds / 1e9 / peakGflops
}

async function medianSeconds(run: Work, seconds: number): Promise<number> {
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  do {
    const start = performance.now()
    await run()
    times.push((performance.now() - start) / 1000)
  } while (performance.now() < end)
  return percentile(times, 0.5)
}
