/** In which languages a model understands queries. */
import { z } from 'zod'
import type { ModelLanguages } from '../../../shared/domain/catalogue.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'
import { originOf } from './modelOrigin.js'

/** What training tells of languages: codes such as "en". */
const reportSchema = z.object({ languages: z.array(z.string()) })

/**
 * The languages by their English names, or what the catalogue says. Null where nobody knows: the
 * model was imported. What is tuned knows what its parent knew.
 */
export async function languagesOf(
  database: Pick<Database, 'models'>,
  row: Model,
): Promise<ModelLanguages | null> {
  const origin = await originOf(database, row)
  if (origin === null) return null
  return origin.kind === 'starter' ? languagesTold(origin.trainingReport) : origin.entry.languages
}

function languagesTold(trainingReport: unknown): ModelLanguages {
  const { data } = reportSchema.safeParse(trainingReport)
  if (data === undefined) return 'english'
  const names = new Intl.DisplayNames(['en'], { type: 'language' })
  return data.languages.map((code) => names.of(code) ?? code)
}
