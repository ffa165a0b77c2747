/** Runs what was packed, under plain Node and away from the project, so that nothing is borrowed. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const limitMs = 120_000

/**
 * Indexes the app's own icon and searches for it: that takes the database, the starter, the native modules
 * and the worker threads.
 *
 * @param app the app as a plain folder, since only Electron reads archives
 * @param library where the library may be made
 * @returns what failed
 */
export function runPacked(app: string, library: string): string[] {
  const entry = join(app, 'dist', 'main', 'hosts', 'cli', 'semblance.js')
  for (const command of [
    ['add', join(app, 'dist', 'renderer')],
    ['index'],
    ['search', 'two circles'],
  ]) {
    const { status, stdout, stderr, error } = spawnSync(
      process.execPath,
      [entry, '--library', library, ...command],
      { cwd: app, encoding: 'utf8', timeout: limitMs },
    )
    const found = command[0] !== 'search' || stdout.includes('icon.png')
    if (status === 0 && found) continue
    return [`"semblance ${command.join(' ')}" fails in the packed app: ${error ?? stderr + stdout}`]
  }
  return []
}
