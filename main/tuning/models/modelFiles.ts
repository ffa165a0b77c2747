/** The files that a model directory is made of. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'

/** Beside an encoder: weights that are kept apart. */
const externalWeights = /\.onnx[._]data(_\d+)?$|\.(data|weights?)$/

/** Paths inside the directory, semblance.json left out: all that are sealed, or belong to an export. */
export async function modelFiles({ path, manifest, files }: ModelDirectory): Promise<string[]> {
  if (manifest !== null) return Object.keys(files)
  const found = new Set(Object.keys(files))
  for (const folder of ['', 'onnx']) {
    const entries = await readdir(join(path, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      const belongs = externalWeights.test(name) || name === 'special_tokens_map.json'
      if (entry.isFile() && belongs) found.add(name)
    }
  }
  return [...found]
}
