/** The job that scans roots, all or one. */
import { z } from 'zod'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
import { createThrottle } from '../../jobs/throttle.js'
import type { Clock } from '../../platform/clock.js'
import type { Database } from '../../storage/openDatabase.js'
import { type ScanOutcome, scanRoot } from './scanRoot.js'

export const scanJobKind = 'scan'

const scanParamsSchema = z.object({
  /** Null scans every root. */
  rootId: z.number().int().nullable(),
})
type ScanParams = z.infer<typeof scanParamsSchema>

const checkpointSchema = z.object({ doneRootIds: z.array(z.number().int()) }).nullable()

/** What a scan job results in, for each root it scanned in this run. */
export interface ScanResult {
  roots: { rootId: number; path: string; outcome: ScanOutcome }[]
}

export interface ScanListeners {
  /** Told now and then that photos came or went. */
  readonly onChange?: () => void
  readonly onNotice?: (message: string) => void
  /** Asked before each file that is read. */
  readonly makeWay?: () => Promise<void>
}

/** Often enough to see a library grow, and seldom enough to look at it. */
const changeIntervalMs = 1_500

export function createScanJob(database: Database, clock: Clock, listeners: ScanListeners = {}) {
  return defineJobKind({
    paramsSchema: scanParamsSchema,
    run: (context) => scanRoots(database, clock, listeners, context),
  })
}

async function scanRoots(
  database: Database,
  clock: Clock,
  { onChange = () => {}, onNotice, makeWay }: ScanListeners,
  { params, checkpoint, signal, report, save }: JobContext<ScanParams>,
): Promise<ScanResult> {
  const doneRootIds = checkpointSchema.parse(checkpoint)?.doneRootIds ?? []
  const result: ScanResult = { roots: [] }
  const changes = createThrottle(changeIntervalMs, onChange)
  for (const root of await database.roots.list()) {
    if (params.rootId !== null && params.rootId !== root.id) continue
    if (doneRootIds.includes(root.id)) continue
    signal.throwIfAborted()
    let told = 0
    const outcome = await scanRoot({
      database,
      root,
      clock,
      signal,
      makeWay,
      // How many there are is known at the end alone: a scan is one walk.
      onNotice,
      onProgress: ({ found, read, failed }) => {
        report({ phase: `looking through ${root.path}`, done: found, total: 0 })
        // Whoever shows the library reads all of it again.
        if (read + failed > told) changes.push(undefined)
        told = read + failed
      },
    })
    result.roots.push({ rootId: root.id, path: root.path, outcome })
    doneRootIds.push(root.id)
    await save({ doneRootIds })
    changes.push(undefined)
    changes.flush()
  }
  return result
}
