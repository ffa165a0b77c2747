/** Under which licence a model may be used, and for what. */
import type { ModelLicence } from '../../../shared/domain/catalogue.js'
import { readCard } from '../../ml/clip/modelDirectory/readCard.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'
import { originOf } from './modelOrigin.js'

/**
 * The name as the model's own files have it, and what the catalogue says that it means: teaching a
 * model frees it of nothing. Null where no licence is named.
 */
export async function licenceOf(
  database: Pick<Database, 'models'>,
  row: Model,
): Promise<ModelLicence | null> {
  const card = await readCard(row.path)
  const origin = await originOf(database, row)
  const known = origin?.kind === 'catalogue' ? origin.entry.licence : null
  const name = card?.licence ?? known?.name ?? null
  return name === null ? null : { name, use: known?.use ?? null }
}
