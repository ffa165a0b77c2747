/** Makes a lesson of the library's photos ready for the trainer. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { TrainingSpec } from '../../shared/domain/training.js'
import { AppError } from '../../shared/errors.js'
import type { JobContext } from '../jobs/jobKind.js'
import { readLearned } from '../ml/clip/modelDirectory/learnedPictures.js'
import { openModelDirectory } from '../ml/clip/modelDirectory.js'
import { clearWorkFolder, workFolderOf, writeWorkFolder } from '../ml/training/workFolder.js'
import type { Database } from '../storage/openDatabase.js'
import type { TeachRunRecord } from '../storage/repositories/teachRuns.js'
import { collectPairs, type LessonPair, toTrainingPair } from './collectPairs.js'
import { fitToParent } from './fitToParent.js'
import { obstacleTo } from './lessonPlan.js'
import { readLibraryEvidence } from './linking/libraryEvidence.js'
import { modelsFolder } from './models/modelsFolder.js'
import { splitPairs } from './splitPairs.js'
import { teachSpec } from './teachSpec.js'

/** What is kept beside the trainer's work folder, which goes when the model is written. */
export const preparedLessonSchema = z.object({
  heldOut: z.array(
    z.object({ photoId: z.number().int(), image: z.string(), captions: z.array(z.string()) }),
  ),
})
export type PreparedLesson = z.infer<typeof preparedLessonSchema>

interface PrepareOptions extends Pick<JobContext<unknown>, 'signal' | 'report'> {
  readonly device: TrainingSpec['device']
}

/** Where the model of a run is written. */
export function modelFolderOf(database: Pick<Database, 'folder'>, run: TeachRunRecord): string {
  return join(modelsFolder(database), run.folder)
}

/** Collects and splits the pairs and writes the trainer's work folder. */
export async function prepareLesson(
  database: Database,
  run: TeachRunRecord,
  { device, signal, report }: PrepareOptions,
): Promise<PreparedLesson> {
  const { source, words, minutes, base } = run.lesson
  if (source.kind === 'search') throw new Error('a search is to be resolved before its run begins')
  report({ phase: 'collecting pairs', done: 0, total: 0 })
  const lesson = await collectPairs(database, { source, words }, signal)
  const obstacle = obstacleTo(lesson)
  if (obstacle !== null) {
    throw new AppError('INVALID_ARGUMENT', { argument: run.name, problem: obstacle })
  }
  const from = await folderOfModel(database, base)
  const asked = { method: run.method, from, minutes, pairs: lesson.pairs.length, device }
  const spec = await fitToParent(teachSpec(asked), {})
  const { pairs: split, pictures } = await splitPairs(lesson.pairs.map(toTrainingPair), {
    ...(await readLibraryEvidence(database, lesson.pairs)),
    holdOut: spec.holdOut,
    validation: spec.validation,
    seed: spec.seed,
    learned: spec.from === null ? null : await readLearned(await openModelDirectory(spec.from)),
    signal,
    onProgress: (done, total) => report({ phase: 'comparing pictures', done, total }),
  })
  const out = modelFolderOf(database, run)
  await mkdir(modelsFolder(database), { recursive: true })
  await clearWorkFolder(workFolderOf(out))
  await writeWorkFolder(workFolderOf(out), { spec, out, name: run.name }, split, pictures)
  await database.teachRuns.change(run.id, {
    pairs: lesson.pairs.length,
    heldOut: split.heldOut.length,
  })
  const heldOut = new Set(split.heldOut.map(({ image }) => image))
  return { heldOut: lesson.pairs.filter(({ image }) => heldOut.has(image)).map(toPlain) }
}

function toPlain(pair: LessonPair): PreparedLesson['heldOut'][number] {
  return { ...pair, captions: [...pair.captions] }
}

/** @throws MODEL_NOT_FOUND */
export async function folderOfModel(database: Database, uid: string): Promise<string> {
  const row = await database.models.byUid(uid)
  if (row !== null && row.removedAt === null) return row.path
  throw new AppError('MODEL_NOT_FOUND', { model: uid })
}
