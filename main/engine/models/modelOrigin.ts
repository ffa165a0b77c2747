/** Where a model comes from in the end, whatever it was taught since. */
import type { CatalogueEntry } from '../../../shared/domain/catalogue.js'
import { readCard } from '../../ml/clip/modelDirectory/readCard.js'
import { catalogue } from '../../ml/hub/catalogue/table.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'

export type ModelOrigin =
  | { readonly kind: 'starter'; readonly trainingReport: unknown }
  | { readonly kind: 'catalogue'; readonly entry: CatalogueEntry }

/** Generations of tuned models that are followed back to where they come from. */
const mostGenerations = 20

/** Null where nobody knows: the model was imported, or learned from nothing. */
export async function originOf(
  { models }: Pick<Database, 'models'>,
  row: Model,
): Promise<ModelOrigin | null> {
  let at: Model | null = row
  for (let generation = 0; at !== null && generation < mostGenerations; generation++) {
    const card = await readCard(at.path)
    if (at.kind === 'starter') return { kind: 'starter', trainingReport: card?.trainingReport }
    const entry = catalogue.find(({ id }) => id === card?.source?.entry)
    if (entry !== undefined) return { kind: 'catalogue', entry }
    at = at.parentId === null ? null : await models.get(at.parentId)
  }
  return null
}
