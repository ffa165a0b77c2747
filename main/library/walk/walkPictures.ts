/** Finds the pictures below a folder, one after another, however many there are. */
import type { Dirent } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../../platform/fileErrors.js'
import { isPictureName } from '../pictureFormats.js'
import { decodeName } from './decodeName.js'
import { createLinkFollower } from './followLinks.js'
import { isIgnoredFolder } from './ignoredFolders.js'

/** What the walk meets. Paths are relative to the root, with forward slashes. */
export type WalkEntry =
  | { kind: 'picture'; relativePath: string }
  /** A picture or folder whose name is no text: it cannot be opened by it. */
  | { kind: 'unnameable'; relativePath: string }
  /** A folder that cannot be read now; what it holds is not known. */
  | { kind: 'unreadable folder'; relativePath: string; error: unknown }

interface Walk {
  rootPath: string
  extensions: ReadonlySet<string>
  follow: (realPath: string) => boolean
  /** Folders still to read; with the picture at hand, all that the walk keeps in memory. */
  pending: string[]
  signal: AbortSignal | undefined
}

/**
 * Walks `rootPath` (absolute, real), depth first. Throws if the root itself cannot be read.
 *
 * @param extensions of pictures, as of `supportedExtensions`
 */
export async function* walkPictures(
  rootPath: string,
  extensions: ReadonlySet<string>,
  signal?: AbortSignal,
): AsyncGenerator<WalkEntry> {
  const follow = createLinkFollower(rootPath)
  const walk: Walk = { rootPath, extensions, follow, pending: [''], signal }
  for (let folder = walk.pending.pop(); folder !== undefined; folder = walk.pending.pop()) {
    try {
      yield* walkFolder(walk, folder)
    } catch (error) {
      signal?.throwIfAborted()
      if (folder === '') throw error
      // One that has just been deleted holds nothing any more; of any other, nothing is known.
      if (systemErrorCode(error) === 'ENOENT') continue
      yield { kind: 'unreadable folder', relativePath: folder, error }
    }
  }
}

async function* walkFolder(walk: Walk, folder: string): AsyncGenerator<WalkEntry> {
  // The typings know text encodings alone; bytes are needed for names that are no text.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 256 }
  for await (const entry of await opendir(join(walk.rootPath, folder), options)) {
    walk.signal?.throwIfAborted()
    const { name, exact } = decodeName(entry.name as unknown as Buffer)
    const relativePath = folder === '' ? name : `${folder}/${name}`
    const type = exact ? await typeOf(walk, entry, relativePath) : unnamedType(entry)
    if (type === 'folder' && !isIgnoredFolder(name)) {
      if (exact) walk.pending.push(relativePath)
      else yield { kind: 'unnameable', relativePath }
    }
    if (type === 'file' && isPictureName(name, walk.extensions)) {
      yield { kind: exact ? 'picture' : 'unnameable', relativePath }
    }
  }
}

type EntryType = 'file' | 'folder' | null

function unnamedType(entry: Dirent): EntryType {
  if (entry.isDirectory()) return 'folder'
  return entry.isFile() ? 'file' : null
}

/** What an entry is, links followed; null for what is neither, is gone, or was walked before. */
async function typeOf(walk: Walk, entry: Dirent, relativePath: string): Promise<EntryType> {
  if (!entry.isSymbolicLink()) return unnamedType(entry)
  try {
    const path = join(walk.rootPath, relativePath)
    const target = await stat(path)
    if (target.isFile()) return 'file'
    if (!target.isDirectory()) return null
    return walk.follow(await realpath(path)) ? 'folder' : null
  } catch {
    return null
  }
}
