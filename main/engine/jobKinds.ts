/** Every kind of job that the library's runner can do. */
import type { AnyJobKind } from '../jobs/jobKind.js'
import { createSampleJob, sampleJobKind } from '../library/sampleJob.js'
import { createScanJob, scanJobKind } from '../library/scan/scanJob.js'
import {
  createThumbnailJob,
  type ThumbnailJobDependencies,
  thumbnailJobKind,
} from '../library/thumbnails/thumbnailJob.js'
import { createWriteXmpJob, writeXmpJobKind } from '../library/xmp/writeXmpJob.js'
import { systemClock } from '../platform/clock.js'
import {
  createIndexJob,
  type IndexJobDependencies,
  indexJobKind,
} from '../search/indexing/indexJob.js'
import { adoptJobKind, createAdoptJob } from '../tuning/adoptJob.js'
import { createPrecisionChooser } from '../tuning/choosePrecision.js'
import { createDownloadJob, downloadJobKind } from '../tuning/models/downloadJob.js'
import { createMeasureJob, measureJobKind } from '../tuning/models/measureJob.js'
import { createPrecisionJob, precisionJobKind } from '../tuning/precisionJob.js'
import { createTeachJob, teachJobKind } from '../tuning/teachJob.js'
import type { Changes } from './changes.js'

export interface JobKindDependencies
  extends Omit<IndexJobDependencies, 'choosePrecision'>,
    Omit<ThumbnailJobDependencies, 'makeWay'> {
  readonly changes: Changes
}

export function createJobKinds(
  dependencies: JobKindDependencies,
): Readonly<Record<string, AnyJobKind>> {
  const { changes, database, onNotice, traffic } = dependencies
  const makeWay = traffic.pass
  const onChange = () => changes.emit({ type: 'library' })
  const onAdopted = () => changes.emit({ type: 'models' })
  const indexing = { ...dependencies, choosePrecision: createPrecisionChooser(database, onNotice) }
  return {
    [scanJobKind]: createScanJob(database, systemClock, { onChange, onNotice, makeWay }),
    [sampleJobKind]: createSampleJob(database, systemClock),
    [thumbnailJobKind]: createThumbnailJob({ ...dependencies, makeWay }),
    [writeXmpJobKind]: createWriteXmpJob(database, onNotice),
    [indexJobKind]: createIndexJob(indexing),
    [teachJobKind]: createTeachJob({
      ...dependencies,
      onProgress: (job) => changes.emit({ type: 'teach', job }),
    }),
    [downloadJobKind]: createDownloadJob({
      database,
      onDownloaded: () => changes.emit({ type: 'models' }),
    }),
    [measureJobKind]: createMeasureJob({
      database,
      onMeasured: () => changes.emit({ type: 'models' }),
    }),
    [adoptJobKind]: createAdoptJob({ ...indexing, onAdopted }),
    [precisionJobKind]: createPrecisionJob({ ...indexing, onAdopted }),
  }
}
