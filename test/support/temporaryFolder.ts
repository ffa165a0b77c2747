/** Folders for one test, gone after it. */
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

/** A new empty folder, free of symbolic links. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'semblance-test-')))
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** A new empty folder for all tests of the calling file. */
export function folderForFile(): () => string {
  let folder = ''
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'semblance-test-')))
  })
  afterAll(() => removeFolder(folder))
  return () => folder
}

/** What a test has just killed may still be ending, and writing, on a busy machine. */
function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
