/** Opens files that strangers may have laid out, without waiting on what is no file. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/**
 * The file at `path`, open for reading, or null if something else is there: opening a pipe that
 * nobody writes to would otherwise wait for ever. Throws the system's error.
 */
export async function openPlainFile(path: string): Promise<FileHandle | null> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if ((await file.stat()).isFile()) return file
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  return null
}
