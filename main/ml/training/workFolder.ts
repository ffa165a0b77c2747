/** The folder a training run lives in: what it was asked for, and what it needs to go on. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type TrainingPair,
  trainingPairSchema,
  trainingSpecSchema,
} from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import { writeFileAtomically } from '../../platform/atomicFiles.js'
import { systemErrorCode, toFileError } from '../../platform/fileErrors.js'

/** What a run was asked for: `run.json`. */
const trainingRunSchema = z.object({
  spec: trainingSpecSchema,
  /** Absolute path of the model directory to write. */
  out: z.string(),
  /** How people will call the model. */
  name: z.string(),
})
export type TrainingRunFile = z.infer<typeof trainingRunSchema>

const parts = ['train', 'validation', 'heldOut'] as const
const pairLineSchema = z.object({ part: z.enum(parts), pair: trainingPairSchema })

/** The pairs of a run, split before it started. */
export interface SplitPairs {
  readonly train: readonly TrainingPair[]
  /** Not trained on, but looked at to choose between what training gave. */
  readonly validation: readonly TrainingPair[]
  /** Looked at once, to measure the model that was chosen. */
  readonly heldOut: readonly TrainingPair[]
}

/** The work folder that belongs to the model directory `out`. */
export function workFolderOf(out: string): string {
  return `${out}.training`
}

/** Where a work folder keeps its checkpoint. */
export function checkpointPath(workFolder: string): string {
  return join(workFolder, 'checkpoint.bin')
}

/** Where a work folder keeps what the run was asked for; a folder without it is no run. */
export function runFilePath(workFolder: string): string {
  return join(workFolder, 'run.json')
}

/** What runs write into their work folder, and files that were being written when they died. */
const ownNames =
  /^(run\.json|pairs\.jsonl|checkpoint\.bin|trainer\.pid|pictures\.(bin|done)|features)(\..+\.tmp)?$/

/**
 * Removes what a run left that died before it began or while it cleaned up.
 *
 * @throws INVALID_ARGUMENT if the folder holds anything that is not Semblance's own
 */
export async function clearWorkFolder(workFolder: string): Promise<void> {
  const names = await readdir(workFolder).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw toFileError(error, workFolder)
  })
  const foreign = names.find((name) => !ownNames.test(name))
  if (foreign !== undefined) {
    throw new AppError('INVALID_ARGUMENT', {
      argument: '--out',
      problem: `the run would be kept in ${workFolder}, which holds ${foreign}; choose another name`,
    })
  }
  await rm(workFolder, { recursive: true, force: true })
}

/** Creates a work folder; `run.json` is written last, so a folder that has one is whole. */
export async function writeWorkFolder(
  workFolder: string,
  run: TrainingRunFile,
  pairs: SplitPairs,
): Promise<void> {
  await mkdir(workFolder, { recursive: true }).catch((error: unknown) => {
    throw toFileError(error, workFolder)
  })
  const lines = parts.flatMap((part) =>
    pairs[part].map((pair) => `${JSON.stringify({ part, pair })}\n`),
  )
  await writeFileAtomically(join(workFolder, 'pairs.jsonl'), lines.join(''))
  await writeFileAtomically(runFilePath(workFolder), `${JSON.stringify(run, null, 2)}\n`)
}

/** Reads `run.json`. Throws FILE_NOT_FOUND or CHECKPOINT_INVALID. */
export async function readRunFile(workFolder: string): Promise<TrainingRunFile> {
  const path = runFilePath(workFolder)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new AppError('FILE_NOT_FOUND', { path })
  })
  return parseLine(trainingRunSchema, text, path)
}

/** Reads `pairs.jsonl`. Throws FILE_NOT_FOUND or CHECKPOINT_INVALID. */
export async function readPairs(workFolder: string): Promise<SplitPairs> {
  const path = join(workFolder, 'pairs.jsonl')
  const pairs: Record<(typeof parts)[number], TrainingPair[]> = {
    train: [],
    validation: [],
    heldOut: [],
  }
  const text = await readFile(path, 'utf8').catch(() => {
    throw new AppError('FILE_NOT_FOUND', { path })
  })
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const { part, pair } = parseLine(pairLineSchema, line, path)
    pairs[part].push(pair)
  }
  return pairs
}

/** SHA-256 of the split, which tells two runs over the same pictures apart from others. */
export async function hashSplit(workFolder: string): Promise<string> {
  const content = await readFile(join(workFolder, 'pairs.jsonl'))
  return createHash('sha256').update(content).digest('hex')
}

function parseLine<T extends z.ZodType>(schema: T, text: string, path: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new AppError('CHECKPOINT_INVALID', { path, reason }, { cause: error })
  }
}
