/** The files below a folder. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface FileBelow {
  readonly name: string
  readonly sizeBytes: number
}

/** For folders of few files, such as a model's. */
export async function listFilesBelow(folder: string): Promise<FileBelow[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      return { name, sizeBytes: (await stat(join(parentPath, name))).size }
    }),
  )
}

export async function sizeOfFolder(folder: string): Promise<number> {
  const files = await listFilesBelow(folder)
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
