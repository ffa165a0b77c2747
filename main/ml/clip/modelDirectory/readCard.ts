/** What a model says of itself, for whoever only tells of it. */
import { join } from 'node:path'
import { isAppError } from '../../../../shared/errors.js'
import { readJson } from '../readJson.js'
import { type SemblanceFile, semblanceFileName, semblanceFileSchema } from './semblanceFile.js'

/**
 * semblance.json alone: opening the directory would read all weights of a model that has none. Null
 * where there is none, or none that can be read.
 */
export async function readCard(folder: string): Promise<SemblanceFile | null> {
  try {
    return await readJson(join(folder, semblanceFileName), semblanceFileSchema)
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}
