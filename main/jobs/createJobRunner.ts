/** Runs queued jobs, one at a time in each lane, and outlives crashes by their checkpoints. */
import type { WireError } from '../../shared/errors.js'
import { AppError, toWireError } from '../../shared/errors.js'
import type { Clock } from '../platform/clock.js'
import type { JobRecord, JobRepository } from '../storage/repositories/jobs.js'
import { createJobEvents } from './jobEvents.js'
import { type InterruptionReason, JobInterruption } from './jobInterruption.js'
import type { AnyJobKind } from './jobKind.js'
import { runJob } from './runJob.js'

export interface JobRunner {
  /** Begins to run what is queued. Call once. */
  start(): Promise<void>
  /** Queues a job, or finds an identical one that is queued already. */
  enqueue(kind: string, params: unknown): Promise<JobRecord>
  /**
   * The same for what follows by itself: nothing while somebody keeps an identical job paused, or if
   * one began, ended or was stopped since what it follows from (milliseconds since 1970).
   */
  enqueueUnlessHeldBack(kind: string, params: unknown, since: number): Promise<JobRecord | null>
  /** An identical job that waits to follow it is cancelled, or it would begin in its place. */
  pause(id: number): Promise<void>
  /** Queues a paused, failed or cancelled job again; it goes on from its checkpoint. */
  resume(id: number): Promise<void>
  /** Together with an identical job that waits to follow it. */
  cancel(id: number): Promise<void>
  /** Tells of each change of a job, at most ten times a second while it runs. */
  subscribe(listener: (job: JobRecord) => void): () => void
  /** The job once it is neither queued nor running. Rejects with the signal's reason. */
  settled(id: number, signal?: AbortSignal): Promise<JobRecord>
  /** Interrupts what runs, to go on at the next start, and waits for it. */
  dispose(): Promise<void>
}

interface Running {
  job: JobRecord
  abort: AbortController
  finished: Promise<void>
}

interface JobRunnerOptions {
  jobs: JobRepository
  kinds: Readonly<Record<string, AnyJobKind>>
  clock: Clock
  /** Told of failures of the queue itself, such as a full disk; the queue then stands still. */
  onError: (error: unknown) => void
}

export function createJobRunner({ jobs, kinds, clock, onError }: JobRunnerOptions): JobRunner {
  const running = new Map<number, Running>()
  const events = createJobEvents()
  const { emit } = events
  let active = false
  let starting: Promise<void> = Promise.resolve()

  function fail(error: unknown): void {
    onError(error)
    events.fail(error)
  }

  async function existing(id: number): Promise<JobRecord> {
    const job = await jobs.get(id)
    if (job) return job
    throw new AppError('INVALID_ARGUMENT', { argument: 'job', problem: `there is no job ${id}` })
  }

  /** Starts what can start; calls follow one another, so that no lane is taken twice. */
  function fillLanes(): Promise<void> {
    starting = starting
      .then(async () => {
        while (active) {
          const job = await jobs.nextQueued([...running.values()].map(({ job }) => job.lane))
          if (!job) return
          await begin(job)
        }
      })
      .catch(fail)
    return starting
  }

  async function begin(queued: JobRecord): Promise<void> {
    const kind = kinds[queued.kind]
    const now = clock.now()
    if (!kind) {
      const error = unknownKind(queued.kind)
      emit(await jobs.change(queued.id, { state: 'failed', error, updatedAt: now, endedAt: now }))
      return
    }
    const job = await jobs.change(queued.id, { state: 'running', startedAt: now, updatedAt: now })
    const abort = new AbortController()
    const entry: Running = { job, abort, finished: Promise.resolve() }
    running.set(job.id, entry)
    emit(job)
    entry.finished = finish(entry, kind)
  }

  async function finish({ job, abort }: Running, kind: AnyJobKind): Promise<void> {
    const { signal } = abort
    const onProgress = (progress: JobRecord['progress']) => emit({ ...job, progress })
    try {
      const change = await runJob({ job, kind, jobs, clock, signal, onProgress })
      emit(await jobs.change(job.id, change))
    } catch (error) {
      fail(error)
    } finally {
      running.delete(job.id)
      void fillLanes()
    }
  }

  async function interrupt(id: number, reason: InterruptionReason): Promise<void> {
    const entry = running.get(id)
    if (!entry) return
    entry.abort.abort(new JobInterruption(reason))
    await entry.finished
  }

  /** Changes the state of a job that does not run, if it is in one of `from`. */
  async function move(
    id: number,
    from: readonly JobRecord['state'][],
    change: Parameters<JobRepository['change']>[1],
  ): Promise<void> {
    const job = await existing(id)
    if (from.includes(job.state)) emit(await jobs.change(id, change))
  }

  async function cancelAlike(id: number): Promise<void> {
    const now = clock.now()
    const change = { state: 'cancelled', updatedAt: now, endedAt: now } as const
    for (const alike of await jobs.queuedAlike(await existing(id))) {
      emit(await jobs.change(alike.id, change))
    }
  }

  function kindNamed(name: string): AnyJobKind {
    const kind = kinds[name]
    if (!kind) throw new Error(`no job kind is called ${name}`)
    return kind
  }

  async function enqueue(name: string, params: unknown): Promise<JobRecord> {
    const { lane, parseParams } = kindNamed(name)
    const job = await jobs.enqueue({
      kind: name,
      lane,
      params: parseParams(params),
      createdAt: clock.now(),
    })
    emit(job)
    void fillLanes()
    return job
  }

  return {
    async start() {
      active = true
      await fillLanes()
    },

    enqueue,

    async enqueueUnlessHeldBack(name, params, since) {
      const held = await jobs.isHeldBack(name, kindNamed(name).parseParams(params), since)
      return held ? null : enqueue(name, params)
    },

    async pause(id) {
      await starting
      await cancelAlike(id)
      await interrupt(id, 'pause')
      await move(id, ['queued'], { state: 'paused', updatedAt: clock.now() })
    },

    async resume(id) {
      const change = {
        state: 'queued',
        error: null,
        endedAt: null,
        updatedAt: clock.now(),
      } as const
      await move(id, ['paused', 'failed', 'cancelled'], change)
      void fillLanes()
    },

    async cancel(id) {
      await starting
      await cancelAlike(id)
      await interrupt(id, 'cancel')
      const now = clock.now()
      await move(id, ['queued', 'paused'], { state: 'cancelled', updatedAt: now, endedAt: now })
    },

    subscribe: events.subscribe,

    settled: async (id, signal) => events.settled(await existing(id), signal),

    async dispose() {
      active = false
      await starting
      await Promise.all([...running.keys()].map((id) => interrupt(id, 'shutdown')))
      await starting
      events.dispose()
    },
  }
}

function unknownKind(kind: string): WireError {
  return toWireError(new Error(`this version of Semblance cannot do jobs of the kind "${kind}"`))
}
