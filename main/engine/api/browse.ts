/** Walks the machine's folders for a window that has no dialog of its own. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import type { CallInputs, CallOutputs } from '../../../shared/contract/contract.js'
import { AppError } from '../../../shared/errors.js'
import { toFileError } from '../../platform/fileErrors.js'
import type { Handles } from '../handles.js'

type Where = CallInputs['library']['browse']
type Listing = CallOutputs['library']['browse']
type Entry = Listing['entries'][number]

/** More folders than this in one folder are not shown; nobody looks through them. */
const entryLimit = 5_000

/** Where disks appear that were plugged in. */
const diskFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['/Volumes'],
  linux: ['/media', '/run/media', '/mnt'],
}

/** What is in `folder`, or in the home folder for null. @throws AppError FILE_NOT_FOUND, FILE_UNREADABLE */
export async function browseFolders(
  handles: Handles,
  { folder, archives = false }: Where,
): Promise<Listing> {
  const path = folder === null ? homedir() : handles.resolve(folder)
  const entry = (name: string, at: string): Entry => ({ name, handle: handles.grant(at) })
  const parent = dirname(path)
  const found = await entriesIn(path)
  const listed = (isWanted: (entry: Dirent) => boolean) =>
    namesOf(found, isWanted).map((name) => entry(name, join(path, name)))
  return {
    path,
    folder: handles.grant(path),
    parent: parent === path ? null : handles.grant(parent),
    entries: listed(isShownFolder),
    archives: archives ? listed(isArchive) : [],
    places: (await findPlaces()).map(([name, at]) => entry(name, at)),
  }
}

function isShownFolder(entry: Dirent): boolean {
  return (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.')
}

function isArchive(entry: Dirent): boolean {
  return entry.isFile() && extname(entry.name).toLowerCase() === '.zip'
}

async function entriesIn(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    throw toFileError(error, path) ?? new AppError('FILE_NOT_FOUND', { path })
  }
}

function namesOf(entries: readonly Dirent[], isWanted: (entry: Dirent) => boolean): string[] {
  return entries
    .filter(isWanted)
    .map((one) => one.name)
    .sort((a, b) => a.localeCompare(b, undefined, { numeric: true, sensitivity: 'base' }))
    .slice(0, entryLimit)
}

/** None where the folder cannot be read. */
async function foldersIn(path: string): Promise<string[]> {
  return namesOf(await entriesIn(path).catch(() => []), isShownFolder)
}

async function findPlaces(): Promise<[name: string, path: string][]> {
  const home = homedir()
  const found: [string, string][] = [[home, home]]
  for (const name of ['Pictures', 'Photos', 'Desktop', 'Documents']) {
    if (await isFolder(join(home, name))) found.push([name, join(home, name)])
  }
  return [...found, ...(await findDisks())]
}

async function findDisks(): Promise<[name: string, path: string][]> {
  if (process.platform === 'win32') {
    const letters = Array.from(
      { length: 26 },
      (_, index) => `${String.fromCharCode(65 + index)}:\\`,
    )
    const there = await Promise.all(letters.map(isFolder))
    return letters.filter((_, index) => there[index]).map((letter) => [letter, letter])
  }
  const disks: [string, string][] = [['/', '/']]
  for (const folder of diskFolders[process.platform] ?? []) {
    for (const name of await foldersIn(folder)) {
      const path = join(folder, name)
      // Linux mounts a person's disks below a folder of their own.
      const own = folder.endsWith('media') ? await foldersIn(path) : []
      if (own.length === 0) disks.push([name, path])
      else for (const inner of own) disks.push([inner, join(path, inner)])
    }
  }
  return disks
}

function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}
