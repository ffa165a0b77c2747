/** Answers queries: reads them, encodes what they look for, and has the library's photos ranked. */
import type { QueryProblem, RankedPhotos, SearchOrder } from '../../shared/domain/search.js'
import { foreignLanguageOf, understands } from '../../shared/query/languageOf.js'
import { parseQuery } from '../../shared/query/parseQuery.js'
import type { ParsedQuery, Term } from '../../shared/query/query.js'
import { encodeTerms } from '../search/encodeTerms.js'
import { objectHits } from '../search/objectHits.js'
import type { QueryPictures } from '../search/queryPictures.js'
import { composeQuery } from '../search/ranking/composedQuery.js'
import { textRelevance } from '../search/ranking/rankPhotos.js'
import type { RankedPhoto } from '../search/ranking/rankThread.js'
import { wordsLookedFor } from '../search/wordsLookedFor.js'
import type { Database } from '../storage/openDatabase.js'
import type { EncoderCache } from './encoderCache.js'
import { libraryUid } from './libraryUid.js'
import type { KnownModel, ModelRegistry } from './modelRegistry.js'
import { languagesOf } from './models/modelLanguages.js'
import type { LibraryOpener } from './openLibrary.js'
import type { Rankers } from './rankers.js'
import { createTermEncoders } from './termEncoders.js'

export interface SearchRun {
  readonly query: string
  readonly order: SearchOrder
  /** The active one for null. */
  readonly model: string | null
}

export interface ExplainRequest extends Pick<SearchRun, 'query' | 'model'> {
  readonly ids: readonly number[]
}

export interface Searcher {
  run(request: SearchRun): Promise<RankedPhotos>
  /** What a model's ranking says of some photos; it is made again if it is not kept any more. */
  explain(request: ExplainRequest): Promise<RankedPhoto[]>
  /** The first photos of a query's ranking by the active model. */
  head(query: string, limit: number): Promise<RankedPhoto[]>
  warm(): Promise<void>
}

export interface SearcherDependencies {
  readonly library: LibraryOpener
  readonly models: ModelRegistry
  readonly encoders: EncoderCache
  readonly rankers: Rankers
  readonly pictures: () => Promise<QueryPictures>
}

export function createSearcher(dependencies: SearcherDependencies): Searcher {
  const { library, models, encoders, rankers } = dependencies
  const termEncoders = createTermEncoders(dependencies)

  async function encode(parsed: ParsedQuery, model: KnownModel) {
    const { parts, problems } = await encodeTerms(parsed.terms, termEncoders(model))
    return { composed: parts.length === 0 ? null : composeQuery(parts), problems }
  }

  /** Has the library ranked, and asks the thread that did it for more. */
  async function rank<T>(
    { query, order, model: reference }: SearchRun,
    work: (answer: Ranked) => Promise<T>,
  ): Promise<T> {
    const { database, gallery: photos } = await library.open()
    const { reads } = database
    const parsed = parseQuery(query)
    const words = wordsLookedFor(parsed.terms)
    const looksFor = parsed.terms.length > 0
    // In the database, in the text encoder's thread and in the ranking's: all at the same time.
    const finding = Promise.all([
      parsed.filters.length === 0 ? null : reads.shownPhotos.matching(parsed.filters),
      words === null ? new Uint32Array() : reads.fullText.search(words),
      objectHits(reads, parsed.terms),
      photos.get(),
    ])
    // If the model or the ranking's thread fails first, nobody waits for these.
    finding.catch(() => {})
    const model = await models.register(reference)
    const encoding = Promise.all([
      looksFor ? encode(parsed, model) : { composed: null, problems: [] },
      unknownLanguageOf(reads, parsed.terms, model),
    ])
    encoding.catch(() => {})
    return rankers.use(model, async (thread, size) => {
      const [allow, textHits, found, gallery] = await finding
      const [{ composed, problems }, language] = await encoding
      const key = keyOf(query)
      const answer = await thread.rank({
        key,
        gallery,
        order,
        query: composed,
        looksFor,
        allow: looksFor && composed === null && words === null ? new Uint32Array() : allow,
        leaveOut: parsed.terms.flatMap((term) => (term.kind === 'like' ? [term.photoId] : [])),
        hits: [{ ids: textHits, relevance: textRelevance }, ...found],
      })
      const unindexed = looksFor && size === 0 && gallery.ids.length > 0
      return work({
        answer: {
          ...answer,
          library: await libraryUid(database),
          model: model.row.uid,
          unknownLanguage: language,
          problems: [
            ...parsed.problems,
            ...problems,
            ...(unindexed ? [describe(parsed.terms, notIndexed)] : []),
          ],
        },
        head: async (limit) => (await thread.head(key, limit)) ?? [],
        explain: async (ids) => (await thread.explain(key, ids)) ?? [],
      })
    })
  }

  async function run(request: SearchRun): Promise<RankedPhotos> {
    const startedAt = performance.now()
    const { traffic } = await library.open()
    const ranked = await traffic.duringSearch(() => rank(request, async ({ answer }) => answer))
    return { ...ranked, durationMs: performance.now() - startedAt }
  }

  return {
    run,

    async explain({ query, ids, model: reference }) {
      const model = await models.register(reference)
      const kept = await rankers.use(model, (thread) => thread.explain(keyOf(query), ids))
      if (kept !== null) return kept
      const request = { query, order: 'relevance', model: reference } as const
      return rank(request, ({ explain }) => explain(ids))
    },

    head: (query, limit) =>
      rank({ query, order: 'relevance', model: null }, ({ head }) => head(limit)),

    async warm() {
      const { gallery } = await library.open()
      const model = await models.register(null)
      await Promise.all([
        gallery.get(),
        encoders.text(model.directory),
        rankers.use(model, async () => {}),
      ])
    },
  }
}

/**
 * Asked for words alone that are surely not English: most queries cost nothing here. Of a model that
 * knows several languages it is told only what is surely none of them.
 */
async function unknownLanguageOf(
  reads: Database['reads'],
  terms: readonly Term[],
  { row }: KnownModel,
): Promise<string | null> {
  const words = terms.flatMap((term) => (term.kind === 'words' ? [term.text] : []))
  const language = foreignLanguageOf(words.join(' '))
  if (language === null) return null
  return understands(await languagesOf(reads, row), language) === false ? language : null
}

interface Ranked {
  readonly answer: Omit<RankedPhotos, 'durationMs'>
  readonly head: (limit: number) => Promise<RankedPhoto[]>
  readonly explain: (ids: readonly number[]) => Promise<RankedPhoto[]>
}

const notIndexed =
  'No photo has been indexed with this model yet: only names, captions and tags were searched.'

/** Names a ranking in its model's thread. */
function keyOf(query: string): string {
  return query.trim()
}

function describe(terms: readonly Term[], message: string): QueryProblem {
  return { start: terms[0]!.start, end: terms.at(-1)!.end, message }
}
