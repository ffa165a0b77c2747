/** Compares a downloaded file with what the plan says of it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import type { PlannedFile } from './downloadPlan.js'

/** The file's sha256. @throws AppError DOWNLOAD_ALTERED, FILE_NOT_FOUND, FILE_UNREADABLE */
export async function checkFile(
  path: string,
  { path: name, sizeBytes, check }: PlannedFile,
  signal: AbortSignal,
): Promise<string> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw toFileError(error, path)
  })
  if (sizeBytes !== null && size !== sizeBytes) {
    throw altered(name, `${sizeBytes} bytes`, `${size} bytes`)
  }
  const sha256 = createHash('sha256')
  // What git makes a file's name of.
  const git = createHash('sha1').update(`blob ${size}\0`)
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
      sha256.update(chunk as Buffer)
      if (check?.kind === 'git') git.update(chunk as Buffer)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw toFileError(error, path)
  }
  const digest = sha256.digest('hex')
  const found = check?.kind === 'git' ? git.digest('hex') : digest
  if (check !== null && found !== check.digest) throw altered(name, check.digest, found)
  return digest
}

function altered(file: string, expected: string, found: string): AppError {
  return new AppError('DOWNLOAD_ALTERED', { file, expected, found })
}
