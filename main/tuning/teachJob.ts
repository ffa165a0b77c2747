/** The job that teaches a model with photos of the library. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { TrainingEvent, TrainingPair } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import { defineJobKind, type JobContext, type ReportedProgress } from '../jobs/jobKind.js'
import { openModelDirectory } from '../ml/clip/modelDirectory.js'
import { clearWorkFolder, workFolderOf, writeWorkFolder } from '../ml/training/workFolder.js'
import type { Database } from '../storage/openDatabase.js'
import type { TeachRunRecord } from '../storage/repositories/teachRuns.js'
import { collectPairs, type LessonPair } from './collectPairs.js'
import { obstacleTo } from './lessonPlan.js'
import { createRunCurves } from './runCurves.js'
import { splitPairs } from './splitPairs.js'
import { compareOnExamples } from './teachExamples.js'
import { teachSpec } from './teachSpec.js'
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

/** What is kept beside the trainer's work folder, which goes when the model is written. */
const checkpointSchema = z.object({
  heldOut: z.array(
    z.object({ photoId: z.number().int(), image: z.string(), captions: z.array(z.string()) }),
  ),
})
type Checkpoint = z.infer<typeof checkpointSchema>

export interface TeachJobDependencies {
  readonly database: Database
  /** Told when there is something new to see of a run. */
  readonly onProgress: (job: number) => void
}

/** Where the model of a run is written. */
export function modelFolderOf(database: Pick<Database, 'folder'>, run: TeachRunRecord): string {
  return join(database.folder, 'models', run.folder)
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
  let plan = checkpointSchema.nullable().parse(context.checkpoint)
  let finished = plan && (await readFinished(out))
  if (finished === null) {
    if (plan === null || !(await hasRun(workFolderOf(out)))) {
      plan = await prepare(database, run, context)
      await context.save(plan)
    }
    finished = await train(dependencies, run, context)
  }
  await conclude(database, run, plan!, finished, context)
  await tell(dependencies, run)
  return { model: finished.modelId }
}

/** Collects and splits the pairs and writes the trainer's work folder. */
async function prepare(
  database: Database,
  run: TeachRunRecord,
  { params, signal, report }: JobContext<TeachJobParams>,
): Promise<Checkpoint> {
  const { source, words, minutes, base } = run.lesson
  if (source.kind === 'search') throw new Error('a search is to be resolved before its run begins')
  report({ phase: 'collecting pairs', done: 0, total: 0 })
  const lesson = await collectPairs(database, { source, words }, signal)
  const obstacle = obstacleTo(lesson)
  if (obstacle !== null) {
    throw new AppError('INVALID_ARGUMENT', { argument: run.name, problem: obstacle })
  }
  const from = await folderOfModel(database, base)
  const { device } = params
  const spec = teachSpec({ method: run.method, from, minutes, pairs: lesson.pairs.length, device })
  const split = await splitPairs(lesson.pairs.map(toTrainingPair), {
    ...spec,
    signal,
    onProgress: (done, total) => report({ phase: 'comparing pictures', done, total }),
  })
  const out = modelFolderOf(database, run)
  await mkdir(join(database.folder, 'models'), { recursive: true })
  await clearWorkFolder(workFolderOf(out))
  await writeWorkFolder(workFolderOf(out), { spec, out, name: run.name }, split)
  await database.teachRuns.change(run.id, {
    pairs: lesson.pairs.length,
    heldOut: split.heldOut.length,
  })
  const heldOut = new Set(split.heldOut.map(({ image }) => image))
  return { heldOut: lesson.pairs.filter(({ image }) => heldOut.has(image)).map(toPlain) }
}

function toTrainingPair({ image, captions }: LessonPair): TrainingPair {
  return { image, captions: [...captions] }
}

function toPlain(pair: LessonPair): Checkpoint['heldOut'][number] {
  return { ...pair, captions: [...pair.captions] }
}

async function folderOfModel(database: Database, uid: string): Promise<string> {
  const row = await database.models.byUid(uid)
  if (row !== null && row.removedAt === null) return row.path
  throw new AppError('MODEL_NOT_FOUND', { model: uid })
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
  const curves = createRunCurves(run.curves, run.method === 'quick' ? 'validation' : 'heldOut')
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
  { heldOut }: Checkpoint,
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
