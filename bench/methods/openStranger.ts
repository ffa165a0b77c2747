/** A model of the starter's recipe that knows far less of the world. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ModelDirectory, openModelDirectory } from '../../main/ml/clip/modelDirectory.js'
import { projectRoot } from '../../main/platform/entries.js'
import { workFolder } from '../../models/recipe/folders.js'

const folder = join(workFolder, 'stranger')
const recipe = join(projectRoot, 'dist', 'models', 'recipe', 'trainStarter.js')
const collections = 'clip-art,flat-color-icons'
const choices = ['--member', '1', '--epochs', '60', '--only', collections, '--out', folder]

/** Trains it where it is not there yet: two minutes on two cores. */
export async function openStranger(): Promise<ModelDirectory> {
  if (!existsSync(join(folder, 'semblance.json'))) {
    const child = spawn(process.execPath, [recipe, ...choices], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`train:starter ${choices.join(' ')} ended with ${code}`)
  }
  return openModelDirectory(folder)
}
