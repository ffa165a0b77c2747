/** The job that scans roots, all or one. */
import { z } from 'zod'
import { defineJobKind, type JobContext } from '../../jobs/jobKind.js'
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

export function createScanJob(database: Database, clock: Clock) {
  return defineJobKind({
    paramsSchema: scanParamsSchema,
    run: (context) => scanRoots(database, clock, context),
  })
}

async function scanRoots(
  database: Database,
  clock: Clock,
  { params, checkpoint, signal, report, save }: JobContext<ScanParams>,
): Promise<ScanResult> {
  const doneRootIds = checkpointSchema.parse(checkpoint)?.doneRootIds ?? []
  const result: ScanResult = { roots: [] }
  for (const root of await database.roots.list()) {
    if (params.rootId !== null && params.rootId !== root.id) continue
    if (doneRootIds.includes(root.id)) continue
    signal.throwIfAborted()
    const outcome = await scanRoot({
      database,
      root,
      clock,
      signal,
      // How many there are is known at the end alone: a scan is one walk.
      onProgress: ({ found }) =>
        report({ phase: `looking through ${root.path}`, done: found, total: 0 }),
    })
    result.roots.push({ rootId: root.id, path: root.path, outcome })
    doneRootIds.push(root.id)
    await save({ doneRootIds })
  }
  return result
}
