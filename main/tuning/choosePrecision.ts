/** Settles whether search takes 8 bits, before a library is looked through by a model for the first time. */
import type { SearchPrecision } from '../../shared/domain/precision.js'
import { isAppError } from '../../shared/errors.js'
import { isQuantized, type ModelDirectory, openModelDirectory } from '../ml/clip/modelDirectory.js'
import { reasonForCpu } from '../ml/runtime/devices.js'
import { decoderVersion } from '../platform/images/imageLibrary.js'
import type { ChoosePrecision, IndexedModel } from '../search/indexing/indexJob.js'
import type { Database } from '../storage/openDatabase.js'
import { changePrecision, int8Folder } from './changePrecision.js'
import { keepModel } from './models/keepModel.js'

/*
 * [Note: precision at first use]
 * A model that comes from elsewhere was never measured in 8 bits. The time for it is just before the
 * library is indexed: then nothing has to be looked at twice, and most of the work is done with the
 * faster encoders. What was found is remembered, also where a person has asked for full precision.
 */

/** For fewer photos, measuring takes longer than what is won. */
const fewestPhotos = 500

export function createPrecisionChooser(
  database: Database,
  onNotice: (message: string) => void,
): ChoosePrecision {
  return async (model, { device, signal, report }) => {
    const known = (await database.settings.get('precisions'))[model.row.uid]
    if (known !== undefined) return (await variantInUse(database, known.variant)) ?? model
    if (!(await isWorthMeasuring(database, model, device))) return model
    report({ phase: 'choosing precision', done: 0, total: 1 })
    const variant = await findVariant(database, model, signal)
    if (variant === null) return model
    const activeId = await database.settings.get('activeModelId')
    if (activeId === model.row.id) await database.settings.set('activeModelId', variant.row.id)
    onNotice(describeChoice(variant))
    return variant
  }
}

async function isWorthMeasuring(
  { embeddings, encodingQueue }: Database,
  { row, directory }: IndexedModel,
  device: 'cpu' | 'webgpu' | 'auto',
): Promise<boolean> {
  // Whoever ships a model has settled it, as training does for its own.
  if (row.kind === 'starter' || isQuantized(directory)) return false
  if ((directory.manifest?.search ?? null) !== null) return false
  // A graphics device has no kernels for 8 bits, and is faster without them.
  if (device === 'webgpu' || (device === 'auto' && reasonForCpu() === null)) return false
  if ((await embeddings.count(row.id)) > 0) return false
  return (await encodingQueue.count(row.id, decoderVersion)) >= fewestPhotos
}

/** The model with 8-bit encoders, made now or by an earlier call that was cut off; null if they lose. */
export async function findVariant(
  database: Database,
  { row, directory }: IndexedModel,
  signal: AbortSignal,
): Promise<IndexedModel | null> {
  const left = await openModelDirectory(int8Folder(database, directory)).catch(() => null)
  let search: SearchPrecision | null = null
  let model: ModelDirectory | null = left
  if (left === null) {
    try {
      const written = await changePrecision(database, directory, { choice: 'auto', signal })
      const { measured, precision, reason } = written
      search = measured && { ...measured, precision, reason }
      model = precision === 'int8' ? written.model : null
    } catch (error) {
      // Nothing to round, or nothing to measure by: the model serves as it is.
      if (!isAppError(error, 'INVALID_ARGUMENT')) throw error
      model = null
    }
  }
  const variant = model && {
    directory: model,
    row: await keepModel(database, model, row.kind),
  }
  await rememberPrecision(database, row.uid, {
    search: search ?? model?.manifest?.search ?? null,
    variant: variant?.row.uid ?? null,
  })
  return variant
}

/** What was made of a model earlier, if it is what the library uses now: the job began before. */
async function variantInUse(
  { models, settings }: Database,
  uid: string | null,
): Promise<IndexedModel | null> {
  const row = uid === null ? null : await models.byUid(uid)
  if (row === null || row.removedAt !== null) return null
  if ((await settings.get('activeModelId')) !== row.id) return null
  return { row, directory: await openModelDirectory(row.path) }
}

export async function rememberPrecision(
  { settings }: Pick<Database, 'settings'>,
  model: string,
  found: { search: SearchPrecision | null; variant: string | null },
): Promise<void> {
  await settings.set('precisions', { ...(await settings.get('precisions')), [model]: found })
}

function describeChoice({ directory: { name, manifest } }: IndexedModel): string {
  const { imageSpeedUp = 1, recallLoss = 0 } = manifest?.search ?? {}
  const won = `${imageSpeedUp.toFixed(1)} times as fast, ${recallLoss.toFixed(2)} points of recall lost`
  return `${name} looks at photos with 8-bit weights: ${won}. The model itself stays as it is.`
}
