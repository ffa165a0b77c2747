/** Rows of the durable job queue. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { type JobProgress, jobProgressSchema, jobStateSchema } from '../../../shared/domain/jobs.js'
import { type WireError, wireErrorSchema } from '../../../shared/errors.js'
import { integer, nullableInteger } from '../codecs/integer.js'
import { canonicalJson, jsonText } from '../codecs/json.js'

const jobRow = z.object({
  id: integer,
  kind: z.string(),
  /** Jobs of one lane run one after another. */
  lane: z.string(),
  params: jsonText,
  state: jobStateSchema,
  progress: jsonText.pipe(jobProgressSchema.nullable()),
  checkpoint: jsonText,
  result: jsonText,
  error: jsonText.pipe(z.nullable(wireErrorSchema)),
  createdAt: integer,
  updatedAt: integer,
  startedAt: nullableInteger,
  endedAt: nullableInteger,
})
export type JobRecord = z.infer<typeof jobRow>
type JobState = JobRecord['state']

export interface NewJob {
  kind: string
  lane: string
  params: unknown
  createdAt: number
}

/** What changes when a job's state changes. */
export interface JobChange {
  state: JobState
  updatedAt: number
  progress?: JobProgress | null
  result?: unknown
  error?: WireError | null
  startedAt?: number | null
  endedAt?: number | null
}

export type JobRepository = ReturnType<typeof createJobRepository>

export function createJobRepository(connection: Knex) {
  const jobs = () => connection('jobs')
  const one = (row: unknown) => (row === undefined ? null : jobRow.parse(row))
  return {
    /** Queues a job, or finds one queued already with the same kind and params. */
    async enqueue({ kind, lane, params, createdAt }: NewJob): Promise<JobRecord> {
      const same = { kind, params: canonicalJson(params), state: 'queued' }
      return connection.transaction(async (transaction) => {
        const queued = one(await transaction('jobs').where(same).orderBy('id').first())
        if (queued) return queued
        const job = { ...same, lane, createdAt, updatedAt: createdAt }
        const [row] = await transaction('jobs').insert(job).returning('*')
        return jobRow.parse(row)
      })
    },

    /** Whether a job of this kind and params is paused, or began, ended or was stopped since then. */
    async isHeldBack(kind: string, params: unknown, since: number): Promise<boolean> {
      const held = await jobs()
        .where({ kind, params: canonicalJson(params) })
        .where((job) => job.where({ state: 'paused' }).orWhere('updatedAt', '>=', since))
        .first('id')
      return held !== undefined
    },

    /** Whether a job of this kind runs or waits to. */
    async isUnderWay(kind: string): Promise<boolean> {
      const found = await jobs().where({ kind }).whereIn('state', ['queued', 'running']).first('id')
      return found !== undefined
    },

    /** Queued jobs of the same kind and params as that one, itself left out. */
    async queuedAlike({ id, kind, params }: JobRecord): Promise<JobRecord[]> {
      const alike = { kind, params: canonicalJson(params), state: 'queued' }
      return z.array(jobRow).parse(await jobs().where(alike).whereNot({ id }))
    },

    async get(id: number): Promise<JobRecord | null> {
      return one(await jobs().where({ id }).first())
    },

    /** Newest first. */
    async list(limit: number): Promise<JobRecord[]> {
      return z.array(jobRow).parse(await jobs().orderBy('id', 'desc').limit(limit))
    },

    /** The oldest queued job whose lane is not among `busyLanes`. */
    async nextQueued(busyLanes: readonly string[]): Promise<JobRecord | null> {
      const queued = jobs().where({ state: 'queued' }).whereNotIn('lane', busyLanes)
      return one(await queued.orderBy('id').first())
    },

    async change(id: number, change: JobChange): Promise<JobRecord> {
      const { progress, result, error, ...plain } = change
      const json = Object.entries({ progress, result, error }).filter(([, v]) => v !== undefined)
      const columns = Object.fromEntries(
        json.map(([k, v]) => [k, v === null ? null : JSON.stringify(v)]),
      )
      const [row] = await jobs()
        .where({ id })
        .update({ ...plain, ...columns })
        .returning('*')
      return jobRow.parse(row)
    },

    async saveProgress(id: number, progress: JobProgress): Promise<void> {
      await jobs()
        .where({ id })
        .update({ progress: JSON.stringify(progress) })
    },

    async saveCheckpoint(id: number, checkpoint: unknown): Promise<void> {
      await jobs()
        .where({ id })
        .update({ checkpoint: JSON.stringify(checkpoint) })
    },

    /** Forgets jobs that are over. */
    async deleteEnded(): Promise<number> {
      return jobs().whereIn('state', ['completed', 'failed', 'cancelled']).delete()
    },

    /** Puts back what a process that died was running. Only for the library's single owner. */
    async requeueRunning(): Promise<number> {
      return jobs().where({ state: 'running' }).update({ state: 'queued' })
    },
  }
}
