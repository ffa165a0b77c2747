/** What the caption files at a folder's root say of its pictures. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode, toFileError } from '../../platform/fileErrors.js'
import { type CaptionRecord, invalidLine, tidy } from './captionRecord.js'
import { readCaptionCsv } from './readCaptionCsv.js'
import { readCaptionJsonl } from './readCaptionJsonl.js'

/** The caption files, each with its reader. */
const readers = {
  'captions.csv': readCaptionCsv,
  'captions.jsonl': readCaptionJsonl,
} as const

interface CaptionEntry {
  captions: string[]
  label: string | undefined
  /** The first line that names the picture. */
  from: CaptionRecord['from']
}

/** Entries by `pictureKey` of the path in the file; several lines of one picture are joined. */
export type CaptionTable = Map<string, CaptionEntry>

/** The form in which paths of pictures and of caption files are compared. */
export function pictureKey(path: string): string {
  return path
    .normalize('NFC')
    .replace(/\\/g, '/')
    .replace(/\/+/g, '/')
    .replace(/^(\.\/)+/, '')
}

/** Reads all caption files of `folder` (absolute). @throws CAPTION_FILE_INVALID, FILE_UNREADABLE */
export async function readCaptionTable(
  folder: string,
  signal?: AbortSignal,
): Promise<CaptionTable> {
  const table: CaptionTable = new Map()
  for (const [name, read] of Object.entries(readers)) {
    const path = join(folder, name)
    try {
      // Reading a pipe that nobody writes to would wait for ever.
      if (!(await stat(path)).isFile()) throw invalidLine({ path, line: 1 }, 'it is no plain file')
      for await (const record of read(path, folder, signal)) addRecord(table, record)
    } catch (error) {
      signal?.throwIfAborted()
      if (systemErrorCode(error) !== 'ENOENT') throw toFileError(error, path)
    }
  }
  return table
}

function addRecord(table: CaptionTable, { file, captions, label, from }: CaptionRecord): void {
  const key = pictureKey(file)
  const entry = table.get(key)
  if (!entry) {
    table.set(key, { captions: [...captions], label, from })
    return
  }
  entry.captions = tidy([...entry.captions, ...captions])
  entry.label ??= label
}
