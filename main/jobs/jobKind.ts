/** What the runner has to know of a kind of job. */
import type { z } from 'zod'
import type { JobProgress } from '../../shared/domain/jobs.js'

/** Progress as a job tells it, `total` 0 if unknown; the runner works out rate and remaining time. */
export type ReportedProgress = Pick<JobProgress, 'phase' | 'done' | 'total'>

export interface JobContext<Params> {
  readonly params: Params
  /** What `save` was last given, also by a process that died since; null on the first run. */
  readonly checkpoint: unknown
  /** Aborted by pause, cancel and shutdown, with a JobInterruption as its reason. */
  readonly signal: AbortSignal
  /** Tells how far the work is; may be called as often as it suits. */
  report(progress: ReportedProgress): void
  /** Keeps a checkpoint (JSON) from which `run` can go on; it is safe once this resolves. */
  save(checkpoint: unknown): Promise<void>
}

export interface JobKind<Params = unknown> {
  readonly paramsSchema: z.ZodType<Params>
  /** Jobs of one lane run one after another; 'default' if not given. */
  readonly lane?: string
  /** Does the work, from the checkpoint if there is one, and gives a result (JSON). */
  run(context: JobContext<Params>): Promise<unknown>
}

/** A kind as the runner's table holds it: its params are checked before `run` sees them. */
export interface AnyJobKind {
  readonly lane: string
  parseParams(params: unknown): unknown
  run(context: JobContext<unknown>): Promise<unknown>
}

/** Makes a kind fit for the runner's table. */
export function defineJobKind<Params>(kind: JobKind<Params>): AnyJobKind {
  return {
    lane: kind.lane ?? 'default',
    parseParams: (params) => kind.paramsSchema.parse(params),
    run: (context) => kind.run({ ...context, params: kind.paramsSchema.parse(context.params) }),
  }
}
