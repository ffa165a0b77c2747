/** The thread that measures how fast matrices are multiplied, and is busy with it the whole time. */
import { serveCalls } from '../../platform/workerCalls.js'
import { type GemmPeakOptions, measureGemmPeak } from './gemmPeak.js'

export type GemmPeakCalls = {
  measure(options: GemmPeakOptions): Promise<number>
}

serveCalls<GemmPeakCalls>(() => ({ calls: { measure: measureGemmPeak } }))
