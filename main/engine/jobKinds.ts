/** Every kind of job that the library's runner can do. */
import type { AnyJobKind } from '../jobs/jobKind.js'
import { createScanJob, scanJobKind } from '../library/scan/scanJob.js'
import { systemClock } from '../platform/clock.js'
import {
  createIndexJob,
  type IndexJobDependencies,
  indexJobKind,
} from '../search/indexing/indexJob.js'

export function createJobKinds(
  dependencies: IndexJobDependencies,
): Readonly<Record<string, AnyJobKind>> {
  return {
    [scanJobKind]: createScanJob(dependencies.database, systemClock),
    [indexJobKind]: createIndexJob(dependencies),
  }
}
