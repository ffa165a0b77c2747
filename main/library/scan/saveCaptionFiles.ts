/** Brings what the caption files at a root's top say into the library. */
import { chunks } from '../../storage/chunks.js'
import type { Database } from '../../storage/openDatabase.js'
import { readCaptionTable } from '../captions/captionTable.js'

/** `source` of these words. */
const source = 'caption file'
const perTransaction = 200

interface Wanted {
  readonly captions: readonly string[]
  readonly tags: readonly string[]
}

/**
 * Replaces what earlier caption files said of the pictures that they name; labels become tags.
 *
 * @throws AppError CAPTION_FILE_INVALID, FILE_UNREADABLE
 */
export async function saveCaptionFiles(
  database: Database,
  root: { readonly id: number; readonly path: string },
  signal: AbortSignal,
): Promise<void> {
  const table = await readCaptionTable(root.path, signal)
  for (const paths of chunks([...table.keys()], perTransaction)) {
    signal.throwIfAborted()
    const files = await database.files.findMany(root.id, paths)
    const wanted = new Map<number, Wanted>()
    for (const [path, { photoId }] of files) {
      const { captions, label } = table.get(path)!
      if (photoId !== null) wanted.set(photoId, { captions, tags: label ? [label] : [] })
    }
    await saveWanted(database, wanted)
  }
}

/** Writes only what differs: most scans find the words as they were. */
async function saveWanted(database: Database, wanted: ReadonlyMap<number, Wanted>): Promise<void> {
  const ids = [...wanted.keys()]
  for (const kind of ['captions', 'tags'] as const) {
    const known = new Map<number, string[]>()
    for (const word of await database[kind].ofPhotos(ids)) {
      if (word.source !== source) continue
      known.set(word.photoId, [...(known.get(word.photoId) ?? []), word.text])
    }
    const changed = ids.filter((id) => !sameTexts(known.get(id) ?? [], wanted.get(id)![kind]))
    if (changed.length === 0) continue
    await database.transaction(async (repositories) => {
      for (const id of changed) await repositories[kind].replace(id, source, wanted.get(id)![kind])
    })
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text) => b.includes(text))
}
