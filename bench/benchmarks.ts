/** All benchmarks, in the order they run and stand in docs/benchmarks.md. */

import { appBenchmark } from './app.js'
import type { Benchmark } from './benchmark.js'
import { calibrationBenchmark } from './calibration.js'
import { finetuneBenchmark } from './finetune.js'
import { firstStartBenchmark } from './firstStart.js'
import { indexBenchmark } from './indexing.js'
import { linkingBenchmark } from './linking.js'
import { lossesBenchmark } from './losses.js'
import { methodsBenchmark, strangerBenchmark } from './methods.js'
import { precisionBenchmark } from './precision.js'
import { quickBenchmark } from './quick.js'
import { searchBenchmark } from './search.js'
import { trainStepBenchmark } from './trainStep.js'

export const benchmarks: readonly Benchmark[] = [
  trainStepBenchmark,
  finetuneBenchmark,
  quickBenchmark,
  lossesBenchmark,
  methodsBenchmark,
  strangerBenchmark,
  linkingBenchmark,
  indexBenchmark,
  precisionBenchmark,
  searchBenchmark,
  calibrationBenchmark,
  firstStartBenchmark,
  appBenchmark,
]
