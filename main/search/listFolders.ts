/** The folders of a library as `folder:` names them, with the photos in and below each. */
import type { Database } from '../storage/openDatabase.js'
import type { LibraryValue } from '../storage/repositories/libraryValues.js'

/** Paths begin with the name of the folder that the user chose, and end with a slash. */
export async function listFolders(database: Database): Promise<LibraryValue[]> {
  const counts = new Map<string, number>()
  for (const { rootPath, folders, count } of await database.libraryValues.folders()) {
    const root = rootPath.split(/[\\/]/).findLast((name) => name !== '') ?? ''
    const names = [root, ...folders.split('/').filter((name) => name !== '')]
    for (let depth = 1; depth <= names.length; depth++) {
      const path = `${names.slice(0, depth).join('/')}/`
      counts.set(path, (counts.get(path) ?? 0) + count)
    }
  }
  return [...counts].map(([value, count]) => ({ value, count }))
}
