/** Finds the compiled file that a worker thread or a child process starts from. */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The project's root: the nearest folder at or above this file that holds package.json. */
export const projectRoot = findProjectRoot(dirname(fileURLToPath(import.meta.url)))

function findProjectRoot(from: string): string {
  let folder = from
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`no package.json at or above ${from}`)
    folder = parent
  }
  return folder
}

/**
 * The URL of the compiled entry `name` (such as './sessionWorker.js') beside the calling module.
 *
 * Under a test runner the caller is a .ts source, which plain Node cannot start: the entry is then
 * the one that the build wrote to dist/.
 */
export function resolveEntry(callerUrl: string, name: string): URL {
  const beside = fileURLToPath(new URL(name, callerUrl))
  if (existsSync(beside)) return pathToFileURL(beside)
  const built = join(projectRoot, 'dist', relative(projectRoot, beside))
  if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first`)
  return pathToFileURL(built)
}
