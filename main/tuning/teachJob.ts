/** The job that teaches a model with photos of the library. */
import { z } from 'zod'
import type { TrainingEvent } from '../../shared/domain/training.js'
import { defineJobKind, type JobContext, type ReportedProgress } from '../jobs/jobKind.js'
import { openModelDirectory } from '../ml/clip/modelDirectory.js'
import { createRunCurves } from '../ml/training/runCurves.js'
import { workFolderOf } from '../ml/training/workFolder.js'
import type { Database } from '../storage/openDatabase.js'
import type { TeachRunRecord } from '../storage/repositories/teachRuns.js'
import {
  folderOfModel,
  modelFolderOf,
  type PreparedLesson,
  preparedLessonSchema,
  prepareLesson,
} from './prepareLesson.js'
import { compareOnExamples } from './teachExamples.js'
import { type FinishedTraining, followRun, hasRun, readFinished } from './trainerRun.js'

export const teachJobKind = 'teach'

const teachJobParamsSchema = z.object({
  /** Id of the row in `teachRuns`. */
  run: z.number().int(),
  /** Name of the model, for people. */
  name: z.string(),
  device: z.enum(['cpu', 'webgpu', 'auto']),
})
type TeachJobParams = z.infer<typeof teachJobParamsSchema>

export interface TeachJobDependencies {
  readonly database: Database
  /** Told when there is something new to see of a run. */
  readonly onProgress: (job: number) => void
}

/** How often curves are written down and told of. */
const curveIntervalMs = 1_000

/**
 * Pausing, cancelling and closing end the trainer with a checkpoint; the job then goes on from it,
 * also after a crash.
 */
export function createTeachJob(dependencies: TeachJobDependencies) {
  return defineJobKind<TeachJobParams>({
    lane: 'teach',
    paramsSchema: teachJobParamsSchema,
    run: (context) => runTeachJob(dependencies, context),
  })
}

async function runTeachJob(
  dependencies: TeachJobDependencies,
  context: JobContext<TeachJobParams>,
): Promise<{ model: string }> {
  const { database } = dependencies
  const run = await database.teachRuns.get(context.params.run)
  if (run === null) throw new Error(`there is no run ${context.params.run}`)
  const out = modelFolderOf(database, run)
  let plan = preparedLessonSchema.nullable().parse(context.checkpoint)
  let finished = plan && (await readFinished(out))
  if (finished === null) {
    if (plan === null || !(await hasRun(workFolderOf(out)))) {
      plan = await prepareLesson(database, run, { ...context, device: context.params.device })
      await context.save(plan)
    }
    finished = await train(dependencies, run, context)
  }
  await conclude(database, run, plan!, finished, context)
  await tell(dependencies, run)
  return { model: finished.modelId }
}

/** The job's id is asked for each time: the job may begin before its row is told of it. */
async function tell({ database, onProgress }: TeachJobDependencies, { id }: TeachRunRecord) {
  const job = (await database.teachRuns.get(id))?.job ?? null
  if (job !== null) onProgress(job)
}

async function train(
  dependencies: TeachJobDependencies,
  run: TeachRunRecord,
  { signal, report }: JobContext<TeachJobParams>,
): Promise<FinishedTraining> {
  const { database } = dependencies
  const curves = createRunCurves(run.curves, run.method === 'scratch' ? 'heldOut' : 'validation')
  let writing = Promise.resolve()
  let writtenMs = 0
  const write = () => {
    writtenMs = performance.now()
    // A curve that cannot be written is not worth a run.
    writing = writing
      .then(() => database.teachRuns.change(run.id, { curves: curves.read() }))
      .then(() => tell(dependencies, run))
      .catch(() => {})
  }
  try {
    return await followRun(workFolderOf(modelFolderOf(database, run)), {
      signal,
      onEvent(event) {
        curves.add(event)
        const progress = progressOf(event)
        if (progress !== null) report(progress)
        if (performance.now() - writtenMs >= curveIntervalMs) write()
      },
    })
  } finally {
    write()
    await writing
  }
}

/** Progress of a run that is limited by time is told in thousandths. */
const thousandths = 1_000

function progressOf(event: TrainingEvent): ReportedProgress | null {
  if (event.type === 'preparing') return event
  if (event.type !== 'step') return null
  return { phase: 'training', done: Math.round(event.progress * thousandths), total: thousandths }
}

/** Writes down what the run has come to. */
async function conclude(
  database: Database,
  run: TeachRunRecord,
  { heldOut }: PreparedLesson,
  { before, heldOut: after, modelId, modelPath }: FinishedTraining,
  { signal, report }: JobContext<TeachJobParams>,
): Promise<void> {
  const base = await openModelDirectory(await folderOfModel(database, run.lesson.base))
  const models = { before: base, after: await openModelDirectory(modelPath) }
  const examples = await compareOnExamples(models, heldOut, {
    signal,
    onProgress: (done, total) => report({ phase: 'comparing models', done, total }),
  })
  const outcome = { before, after, examples, model: modelId }
  await database.teachRuns.change(run.id, { outcome })
}
