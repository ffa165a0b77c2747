/** Gives a model 8-bit encoders for search, or takes them away, judged by the photos of the library. */
import { join } from 'node:path'
import { isQuantized, type ModelDirectory } from '../ml/clip/modelDirectory.js'
import {
  type PrecisionChoice,
  type WrittenPrecision,
  writePrecision,
} from '../ml/training/precision/writePrecision.js'
import { spread } from '../platform/spread.js'
import { genericPhrases } from '../search/ranking/genericPhrases.js'
import type { Database } from '../storage/openDatabase.js'
import { collectPairs } from './collectPairs.js'
import { modelsFolder } from './models/modelsFolder.js'

/** Enough to tell half a point, and embedded twice within a minute or two. */
const picturesMeasured = 300
const textsMeasured = 500
const budgetMs = 120_000

const words = { captions: true, tags: true, names: true, judgements: false }

/**
 * Writes the model with the precision chosen to the library's folder of models, unless it has that
 * already or `auto` finds against it.
 *
 * @throws as `writePrecision`
 */
export async function changePrecision(
  database: Database,
  model: ModelDirectory,
  options: { readonly choice: PrecisionChoice; readonly signal: AbortSignal },
): Promise<WrittenPrecision> {
  const { choice, signal } = options
  const search = model.manifest?.search ?? null
  if (isQuantized(model) && choice !== 'float32' && search !== null) {
    return { model, precision: 'int8', measured: search, reason: null }
  }
  const { pairs } = await collectPairs(database, { source: { kind: 'library' }, words }, signal)
  const taken = spread(pairs, picturesMeasured)
  const texts = [...new Set([...taken.map(({ captions }) => captions[0]!), ...genericPhrases])]
  const samples = {
    pictures: taken.map(({ image }) => image),
    texts: texts.slice(0, textsMeasured),
  }
  const { threads = 0 } = await database.settings.get('preferences')
  const full = join(modelsFolder(database), `${model.id}-float32`)
  const target = choice === 'float32' ? full : int8Folder(database, model)
  return writePrecision(model, target, { choice, samples, threads, signal, budgetMs })
}

/** Where the library keeps what it makes of a model with 8-bit encoders. */
export function int8Folder(library: Pick<Database, 'folder'>, { id }: ModelDirectory): string {
  return join(modelsFolder(library), `${id}-int8`)
}
