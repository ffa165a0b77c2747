/** In which languages a model understands queries. */
import { z } from 'zod'
import type { CatalogueEntry } from '../../../shared/domain/catalogue.js'
import { openModelDirectory } from '../../ml/clip/modelDirectory.js'
import { catalogue } from '../../ml/hub/catalogue/table.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'

/** Generations of tuned models that are followed back to where they come from. */
const mostGenerations = 20

/** What training tells of languages: codes such as "en". */
const reportSchema = z.object({ languages: z.array(z.string()) })

/**
 * The languages by their English names, or what the catalogue says. Null where nobody knows: the
 * model was imported. What is tuned knows what its parent knew.
 */
export async function languagesOf(
  { models }: Pick<Database, 'models'>,
  row: Model,
): Promise<CatalogueEntry['languages'] | string[] | null> {
  let at: Model | null = row
  for (let generation = 0; at !== null && generation < mostGenerations; generation++) {
    const { manifest } = (await openModelDirectory(at.path).catch(() => null)) ?? {}
    if (at.kind === 'starter') return languagesTold(manifest?.trainingReport)
    const entry = catalogue.find(({ id }) => id === manifest?.source?.entry)
    if (entry !== undefined) return entry.languages
    at = at.parentId === null ? null : await models.get(at.parentId)
  }
  return null
}

function languagesTold(trainingReport: unknown): 'english' | string[] {
  const { data } = reportSchema.safeParse(trainingReport)
  if (data === undefined) return 'english'
  const names = new Intl.DisplayNames(['en'], { type: 'language' })
  return data.languages.map((code) => names.of(code) ?? code)
}
