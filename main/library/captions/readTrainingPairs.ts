/** Pairs the pictures of a folder with their words. */
import { realpath } from 'node:fs/promises'
import type { TrainingPair, TrainingSpec } from '../../../shared/domain/training.js'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import { supportedExtensions } from '../../platform/images/supportedExtensions.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { fromPortablePath } from '../../platform/paths.js'
import { failureOf } from '../scan/readPicture.js'
import { walkPictures } from '../walk/walkPictures.js'
import { captionsOfPath } from './captionsOfPath.js'
import { type CaptionTable, pictureKey, readCaptionTable } from './captionTable.js'
import { readSidecar } from './readSidecar.js'

/** Where a pair's words come from. */
type CaptionSource = 'caption file' | 'text file' | 'names'

interface SkippedFile {
  path: string
  reason: string
}

export interface TrainingPairs {
  /** By rising path, so that the same folder always gives the same pairs. */
  pairs: TrainingPair[]
  skipped: SkippedFile[]
  /** Number of pairs by source; a pair with words from both files counts as 'caption file'. */
  sources: Record<CaptionSource, number>
}

interface ReadOptions {
  readonly signal?: AbortSignal
  /** Whether a picture without a label in the caption file has its folder for one. */
  readonly labels?: TrainingSpec['labels']
  /** Which pictures must have words: `all` leaves out those without, `some` wants at least one. */
  readonly words?: 'all' | 'some' | 'none'
}

const sidecarsAtOnce = 16

/**
 * Reads pictures and words of `folder`: what its caption file and the text file beside a picture
 * say, or else the words in its name and its folders' names.
 *
 * @throws NO_PICTURES, NO_CAPTIONS, CAPTION_FILE_INVALID, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export async function readTrainingPairs(
  folder: string,
  { signal, labels = 'column', words = 'all' }: ReadOptions = {},
): Promise<TrainingPairs> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw toFileError(error, folder)
  })
  const { pictures, skipped } = await listPictures(root, signal)
  if (pictures.length === 0) throw new AppError('NO_PICTURES', { path: folder })
  const table = await readCaptionTable(root, signal)
  // One by one: as arguments of one call, very many would overflow the stack.
  for (const file of withoutPicture(table, pictures, root)) skipped.push(file)
  const worded = await mapBounded(pictures, sidecarsAtOnce, async (relativePath) => {
    signal?.throwIfAborted()
    return pairOf(root, relativePath, table, labels)
  })
  const sources: TrainingPairs['sources'] = { 'caption file': 0, 'text file': 0, names: 0 }
  const pairs: TrainingPair[] = []
  for (const { pair, source } of worded) {
    if (pair.captions.length === 0 && words === 'all') {
      skipped.push({ path: pair.image, reason: 'no words in its name, and no captions' })
      continue
    }
    pairs.push(pair)
    if (pair.captions.length > 0) sources[source]++
  }
  const isWorded = pairs.some(({ captions }) => captions.length > 0)
  if (words !== 'none' && !isWorded) throw new AppError('NO_CAPTIONS', { path: folder })
  return { pairs, skipped, sources }
}

async function listPictures(root: string, signal?: AbortSignal) {
  const pictures: string[] = []
  const skipped: SkippedFile[] = []
  try {
    for await (const entry of walkPictures(root, supportedExtensions(), signal)) {
      const path = fromPortablePath(root, entry.relativePath)
      if (entry.kind === 'picture') pictures.push(entry.relativePath)
      else if (entry.kind === 'unnameable') skipped.push({ path, reason: 'its name is not UTF-8' })
      else skipped.push({ path, reason: failureOf(entry.error, path).reason })
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw toFileError(error, root)
  }
  return { pictures: pictures.sort(), skipped }
}

async function pairOf(
  root: string,
  relativePath: string,
  table: CaptionTable,
  labels: TrainingSpec['labels'],
): Promise<{ pair: TrainingPair; source: CaptionSource }> {
  const image = fromPortablePath(root, relativePath)
  const entry = table.get(pictureKey(relativePath))
  const named = entry?.label ?? (labels === 'folders' ? folderOf(relativePath) : undefined)
  const label = named === undefined ? {} : { label: named }
  const listed = entry?.captions ?? []
  const written = await readSidecar(image)
  if (listed.length + written.length > 0) {
    const captions = [...new Set([...listed, ...written])]
    const source = listed.length > 0 ? 'caption file' : 'text file'
    return { pair: { image, captions, ...label }, source }
  }
  const captions = captionsOfPath(relativePath)
  if (captions.length > 0) return { pair: { image, captions, ...label }, source: 'names' }
  // What is said of a picture by its label alone is said in words.
  if (entry?.label === undefined) return { pair: { image, captions, ...label }, source: 'names' }
  return { pair: { image, captions: [entry.label], ...label }, source: 'caption file' }
}

/** The folder within the root; undefined for pictures in the root itself. */
function folderOf(relativePath: string): string | undefined {
  const end = relativePath.lastIndexOf('/')
  return end === -1 ? undefined : relativePath.slice(0, end)
}

/** Lines of caption files that name no picture of the folder. */
function withoutPicture(
  table: CaptionTable,
  pictures: readonly string[],
  root: string,
): SkippedFile[] {
  const keys = new Set(pictures.map(pictureKey))
  return [...table]
    .filter(([key]) => !keys.has(key))
    .map(([key, { from }]) => ({
      path: fromPortablePath(root, key),
      reason: `${from.path}, line ${from.line}, names it, but there is no such picture`,
    }))
}
