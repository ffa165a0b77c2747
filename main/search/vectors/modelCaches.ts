/** The files that are kept of a model's embeddings to search quickly: caches, made anew when needed. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileStem } from './fileStem.js'

async function pathsOf(folder: string, modelId: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.startsWith(`${fileStem(modelId)}.`))
    .map((name) => join(folder, name))
}

export async function sizeOfCaches(folder: string, modelId: string): Promise<number> {
  let bytes = 0
  for (const path of await pathsOf(folder, modelId)) {
    bytes += (await stat(path).catch(() => null))?.size ?? 0
  }
  return bytes
}

export async function removeCaches(folder: string, modelId: string): Promise<void> {
  for (const path of await pathsOf(folder, modelId)) await rm(path, { force: true })
}
