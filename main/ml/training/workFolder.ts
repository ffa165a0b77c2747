/** The folder a training run lives in: what it was asked for, and what it needs to go on. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import {
  type TrainingPair,
  trainingPairSchema,
  trainingSpecSchema,
} from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import { writeFileAtomically } from '../../platform/atomicFiles.js'
import { systemErrorCode, toFileError } from '../../platform/fileErrors.js'
import {
  type LearnedPictures,
  readLearnedFile,
  writeLearned,
} from '../clip/modelDirectory/learnedPictures.js'
import { learnedPicturesName } from '../clip/modelDirectory/semblanceFile.js'

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
const pairLineSchema = z.object({
  part: z.enum(parts),
  pair: trainingPairSchema,
  /** Tells the picture wherever it stands; null where it could not be read. */
  content: z.string().nullable().default(null),
})
type PairLine = z.infer<typeof pairLineSchema>

/** The pairs of a run, split before it started. */
export interface SplitPairs {
  readonly train: readonly TrainingPair[]
  /** Not trained on, but looked at to choose between what training gave. */
  readonly validation: readonly TrainingPair[]
  /** Looked at once, to measure the model that was chosen. */
  readonly heldOut: readonly TrainingPair[]
}

/** What is known of a run's pictures beside their words. */
export interface RunPictures {
  /** Hash of a picture's bytes by its path. */
  readonly contents: ReadonlyMap<string, string>
  /** What the model will have learned from, its parents included. */
  readonly learned: LearnedPictures
}

/** The work folder that belongs to the model directory `out`. */
export function workFolderOf(out: string): string {
  return `${out}.training`
}

/** Where a work folder keeps its checkpoint. */
export function checkpointPath(workFolder: string): string {
  return join(workFolder, 'checkpoint.bin')
}

/** Where a work folder keeps the weights that did best so far, for methods that choose by them. */
export function bestWeightsPath(workFolder: string): string {
  return join(workFolder, 'best.bin')
}

/** Where a work folder keeps what the run was asked for; a folder without it is no run. */
export function runFilePath(workFolder: string): string {
  return join(workFolder, 'run.json')
}

/** What runs write into their work folder, and files that were being written when they died. */
const ownNames =
  /^(run\.json|pairs\.jsonl|checkpoint\.bin|best\.bin|trainer\.pid|learned-pictures\.json|pictures\.(bin|done)|features)(\..+\.tmp)?$/

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
  pictures: RunPictures | null = null,
): Promise<void> {
  await mkdir(workFolder, { recursive: true }).catch((error: unknown) => {
    throw toFileError(error, workFolder)
  })
  const lines = parts.flatMap((part) =>
    pairs[part].map((pair) => {
      const content = pictures?.contents.get(pair.image) ?? null
      return `${JSON.stringify({ part, pair, content } satisfies PairLine)}\n`
    }),
  )
  if (pictures !== null) {
    await writeFileAtomically(join(workFolder, learnedPicturesName), writeLearned(pictures.learned))
  }
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
  const pairs: Record<(typeof parts)[number], TrainingPair[]> = {
    train: [],
    validation: [],
    heldOut: [],
  }
  for (const { part, pair } of await readLines(workFolder)) pairs[part].push(pair)
  return pairs
}

/** What the model of a run will have learned from; null of a run from before that was kept. */
export async function readLearnedOfRun(workFolder: string): Promise<LearnedPictures | null> {
  const path = join(workFolder, learnedPicturesName)
  return existsSync(path) ? readLearnedFile(path) : null
}

/**
 * SHA-256 of the split, which tells two runs over the same pictures apart from others: by the
 * pictures' contents and words, wherever and in which order they stand.
 */
export async function hashSplit(workFolder: string): Promise<string> {
  const lines = (await readLines(workFolder)).map(({ part, pair, content }) => {
    const { image, captions, label = null } = pair
    return JSON.stringify([part, content ?? basename(image), captions, label])
  })
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

async function readLines(workFolder: string): Promise<PairLine[]> {
  const path = join(workFolder, 'pairs.jsonl')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new AppError('FILE_NOT_FOUND', { path })
  })
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => parseLine(pairLineSchema, line, path))
}

function parseLine<T extends z.ZodType>(schema: T, text: string, path: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new AppError('CHECKPOINT_INVALID', { path, reason }, { cause: error })
  }
}
