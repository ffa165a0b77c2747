/** Runs that teach a model with photos of the library, and what the user decided about each. */
import type { Knex } from 'knex'
import { z } from 'zod'
import {
  teachCurvesSchema,
  teachExampleSchema,
  teachMethodSchema,
  teachSourceSchema,
  teachWordsSchema,
} from '../../../shared/domain/teaching.js'
import { retrievalReportSchema } from '../../../shared/domain/training.js'
import { integer, nullableInteger } from '../codecs/integer.js'
import { jsonText } from '../codecs/json.js'

/** What a run is asked for. */
const lessonSchema = z.object({
  source: teachSourceSchema,
  words: teachWordsSchema,
  minutes: z.number().nullable(),
  /** Uid of the model that was in use: `quick` and `deep` begin from it, and every result is compared with it. */
  base: z.string(),
})

/** What a finished run has come to. */
const outcomeSchema = z.object({
  before: retrievalReportSchema.nullable(),
  after: retrievalReportSchema.nullable(),
  examples: z.array(teachExampleSchema),
  /** Uid of the model. */
  model: z.string(),
})

const runRow = z.object({
  id: integer,
  /** Null only if the process died before it queued the job. */
  job: nullableInteger,
  name: z.string(),
  method: teachMethodSchema,
  folder: z.string(),
  lesson: jsonText.pipe(lessonSchema),
  curves: jsonText.pipe(teachCurvesSchema.nullable()),
  outcome: jsonText.pipe(outcomeSchema.nullable()),
  pairs: integer,
  heldOut: integer,
  decision: z.enum(['kept', 'discarded']).nullable(),
  startedAt: integer,
})
export type TeachRunRecord = z.infer<typeof runRow>
export type NewTeachRun = Pick<
  TeachRunRecord,
  'name' | 'method' | 'folder' | 'lesson' | 'startedAt'
>
export type TeachRunChange = Partial<
  Pick<TeachRunRecord, 'job' | 'curves' | 'outcome' | 'pairs' | 'heldOut' | 'decision'>
>

export function createTeachRunRepository(connection: Knex) {
  const runs = () => connection('teachRuns')
  const one = (row: unknown) => (row === undefined ? null : runRow.parse(row))
  return {
    async add({ lesson, ...run }: NewTeachRun): Promise<TeachRunRecord> {
      const row = { ...run, lesson: JSON.stringify(lesson) }
      const [added] = await runs().insert(row).returning('*')
      return runRow.parse(added)
    },

    async get(id: number): Promise<TeachRunRecord | null> {
      return one(await runs().where({ id }).first())
    },

    async ofJob(job: number): Promise<TeachRunRecord | null> {
      return one(await runs().where({ job }).first())
    },

    /** Newest first. */
    async list(): Promise<TeachRunRecord[]> {
      return z.array(runRow).parse(await runs().whereNotNull('job').orderBy('id', 'desc'))
    },

    async change(id: number, { curves, outcome, ...plain }: TeachRunChange): Promise<void> {
      const json = Object.entries({ curves, outcome }).filter(([, value]) => value !== undefined)
      const texts = Object.fromEntries(json.map(([key, value]) => [key, JSON.stringify(value)]))
      await runs()
        .where({ id })
        .update({ ...plain, ...texts })
    },
  }
}
