/** Takes and checks the sizes and hashes of a model's files. */
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AppError } from '../../../../shared/errors.js'
import { systemErrorCode, toFileError } from '../../../platform/fileErrors.js'
import { sha256OfFile, sha256OfUnchanged } from './fileHashes.js'
import type { FileSeal } from './semblanceFile.js'

/** Size and sha256 of each of `paths`, which are relative to `folder`. */
export async function sealFiles(
  folder: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Record<string, FileSeal>> {
  const seals: Record<string, FileSeal> = {}
  for (const path of [...paths].sort()) {
    const sizeBytes = await sizeInside(folder, path)
    seals[path] = { sha256: await sha256OfUnchanged(join(folder, path), signal), sizeBytes }
  }
  return seals
}

/**
 * Compares the files with their seals: sizes alone, hashes too, or hashes of every file read anew.
 *
 * @throws AppError MODEL_INVALID naming the first file that is missing or differs
 */
export async function checkSeals(
  folder: string,
  seals: Readonly<Record<string, FileSeal>>,
  verify: 'quick' | 'hashes' | 'full',
  signal?: AbortSignal,
): Promise<void> {
  for (const [path, seal] of Object.entries(seals)) {
    const sameSize = (await sizeInside(folder, path)) === seal.sizeBytes
    if (sameSize && verify === 'quick') continue
    const hash = verify === 'full' ? sha256OfFile : sha256OfUnchanged
    if (sameSize && (await hash(join(folder, path), signal)) === seal.sha256) continue
    const reason = 'the file was altered after the model was made; copy or train the model again'
    throw new AppError('MODEL_INVALID', { path: join(folder, path), reason })
  }
}

/**
 * The size of the file at `path`, which must lie inside `folder` also after following links.
 *
 * @throws AppError MODEL_INVALID if it is missing, no file, or elsewhere
 */
export async function sizeInside(folder: string, path: string): Promise<number> {
  const whole = join(folder, path)
  try {
    const real = await realpath(whole)
    if (!real.startsWith((await realpath(folder)) + sep)) {
      const reason = 'a link to a file outside the model directory; put the file itself there'
      throw new AppError('MODEL_INVALID', { path: whole, reason })
    }
    const stats = await stat(real)
    if (stats.isFile()) return stats.size
    throw new AppError('MODEL_INVALID', { path: whole, reason: 'not a plain file' })
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw toFileError(error, whole)
    const reason = 'the file is missing; copy or train the model again'
    throw new AppError('MODEL_INVALID', { path: whole, reason }, { cause: error })
  }
}
