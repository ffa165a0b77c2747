/** Finds Electron's program, without ever downloading it. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const programs: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** Path of Electron's program; null if the package is missing or holds none yet. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): string | null {
  const program = programs[process.platform] ?? 'electron'
  const given = environment.ELECTRON_OVERRIDE_DIST_PATH
  if (given) return existing(join(given, program))
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
    // Written when the download is complete.
    const named = readFileSync(join(folder, 'path.txt'), 'utf8').trim()
    return existing(join(folder, 'dist', named || program))
  } catch {
    return null
  }
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null
}
