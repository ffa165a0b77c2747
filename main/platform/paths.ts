/** Where the library lives, and how folders stand to each other. */
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'

/** The library's folder: `given`, else SEMBLANCE_HOME, else the platform's place for app data. */
export function libraryFolder(
  given: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const chosen = given ?? environment.SEMBLANCE_HOME
  return chosen ? resolve(chosen) : defaultLibraryFolder(environment)
}

function defaultLibraryFolder(environment: NodeJS.ProcessEnv): string {
  const home = homedir()
  switch (process.platform) {
    case 'win32':
      return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Semblance')
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Semblance')
    default:
      return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'semblance')
  }
}

/** Whether `path` is `folder` itself or lies below it; both absolute and free of symbolic links. */
export function isInside(folder: string, path: string): boolean {
  const between = relative(folder, path)
  return (
    between === '' || (between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between))
  )
}

/** `path` relative to `folder` with forward slashes on every platform, as the database keeps it. */
export function toPortablePath(folder: string, path: string): string {
  const between = relative(folder, path)
  return sep === '/' ? between : between.split(sep).join('/')
}

/** The inverse of `toPortablePath`: an absolute path of this platform. */
export function fromPortablePath(folder: string, portablePath: string): string {
  return join(folder, portablePath)
}
