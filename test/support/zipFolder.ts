/** Archives for tests. */
import { createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** Packs all files below `folder`, their names after `prefix`. */
export async function zipFolder(folder: string, archive: string, prefix = ''): Promise<void> {
  const zip = new ZipFile()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) zip.addFile(path, prefix + relative(folder, path))
  }
  await writeZip(zip, archive)
}

export async function writeZip(zip: ZipFile, archive: string): Promise<void> {
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(archive))
}
