/** Writes defects to a file in the library's folder, for whoever is asked about an id. */
import { appendFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'

/** Beyond it the file steps aside; one earlier file is kept. */
const limitBytes = 1_000_000
const entryLimitCharacters = 10_000

export type DefectLog = (id: string, error: unknown) => Promise<void>

export function createDefectLog(folder: () => Promise<string>): DefectLog {
  let writing = Promise.resolve()

  async function write(entry: string): Promise<void> {
    const path = join(await folder(), 'defects.log')
    const found = await stat(path).catch(() => null)
    if (found && found.size > limitBytes) await rename(path, `${path}.1`)
    await appendFile(path, entry)
  }

  return (id, error) => {
    const text = inspect(error, { depth: 4 }).slice(0, entryLimitCharacters)
    const entry = `${new Date().toISOString()} ${id}\n${text}\n\n`
    // What cannot be written down is no reason to fail as well.
    writing = writing.then(() => write(entry)).catch(() => {})
    return writing
  }
}
