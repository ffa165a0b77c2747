/** `semblance search`: photos by a query, by a picture, or by both. */
import { Command } from 'commander'
import type { EngineClient } from '../../../../shared/contract/contract.js'
import { unpack } from '../../../../shared/domain/packed.js'
import type { RankedPhotos, SearchHit, SearchResult } from '../../../../shared/domain/search.js'
import { AppError } from '../../../../shared/errors.js'
import type { Engine } from '../../../engine/createEngine.js'
import { mapBounded } from '../../../platform/mapBounded.js'
import type { Cli } from '../cli.js'
import { readPositiveInteger } from '../options.js'
import { formatCount, formatTable } from '../output/format.js'

interface SearchOptions {
  image?: string
  like?: string
  model?: string
  limit: number
}

/** As many as the contract explains in one call. */
const explainedAtOnce = 500
const lookupsAtOnce = 8

export function searchCommand(cli: Cli): Command {
  return new Command('search')
    .description('find photos by words, by a picture, or by both together')
    .argument('[words]', 'what the photos show; it may hold signs, weights and filters')
    .option('--image <file>', 'look for photos like this picture')
    .option('--like <photo>', 'look for photos like this one of the library (its path or id)')
    .option('--limit <n>', 'how many to show', readPositiveInteger('--limit'), 20)
    .option('--model <dir or id>', 'the model to search with (default: the active one)')
    .addHelpText('after', queryHelp)
    .action(async (words: string | undefined, options: SearchOptions) => {
      const { found, hits } = await cli.interruptible(search(await cli.engine(), words, options))
      const { model, searched, durationMs, problems } = found
      for (const { message } of problems) cli.note(message)
      if (found.unknownLanguage !== null) cli.note(describeLanguage(found.unknownLanguage))
      const result: SearchResult = { model, searched, durationMs, hits }
      cli.result(result, () => describe(result, found.verdict))
    })
}

const queryHelp = `
A query may say more than words:
  beach + sunset - people      several things, and one that is unwanted
  beach^2 + sunset             weights
  folder: after: before: camera: tag: object: name: type: is: size:
                               filters, such as tag:dog, after:2024-05, or
                               object:dog and object:dog>=2 for what was found
                               in the pictures
`

async function search(engine: Engine, words: string | undefined, options: SearchOptions) {
  const { client, models } = engine
  const query = await composeQuery(engine, words, options)
  const model = options.model === undefined ? null : (await models.register(options.model)).row.uid
  const found = await client.search.run({ query, order: 'relevance', model })
  if (found.total === 0) await refuseEmptyLibrary(client)
  const ids = [...unpack(found.ids).subarray(0, options.limit)]
  const scores = await scoresOf(client, { query, ids, model })
  const hits = await mapBounded([...ids.entries()], lookupsAtOnce, ([index, id]) =>
    describeHit(client, index + 1, id, scores.get(id) ?? 0),
  )
  return { found, hits }
}

/** Words, a picture of the disk and a photo of the library, as one query. */
async function composeQuery(
  { client, handles, search }: Engine,
  words: string | undefined,
  { image, like }: SearchOptions,
): Promise<string> {
  const parts: string[] = []
  if (like !== undefined) parts.push(`like:${await search.findPhoto(like)}`)
  if (image !== undefined) {
    const { picture } = await client.search.addPicture({ file: handles.grant(image) })
    parts.push(`picture:${picture}`)
  }
  if (words !== undefined) parts.push(words)
  if (parts.join(' ').trim() !== '') return parts.join(' ')
  const problem = 'name something to look for: words, --image or --like'
  throw new AppError('INVALID_ARGUMENT', { argument: 'search', problem })
}

async function refuseEmptyLibrary(client: EngineClient): Promise<void> {
  const { photos, path } = await client.library.status()
  if (photos === 0) throw new AppError('LIBRARY_EMPTY', { path })
}

async function scoresOf(
  client: EngineClient,
  { query, ids, model }: { query: string; ids: readonly number[]; model: string | null },
): Promise<ReadonlyMap<number, number>> {
  const scores = new Map<number, number>()
  for (let from = 0; from < ids.length; from += explainedAtOnce) {
    const some = ids.slice(from, from + explainedAtOnce)
    const reasons = await client.search.explain({ query, ids: some, model })
    for (const { photoId, similarity } of reasons) scores.set(photoId, similarity ?? 0)
  }
  return scores
}

async function describeHit(
  client: EngineClient,
  rank: number,
  photoId: number,
  score: number,
): Promise<SearchHit> {
  const { files, offline } = await client.photos.get({ id: photoId })
  const present = files.filter(({ state }) => state === 'present')
  const paths = [...present.filter((file) => !file.offline), ...present.filter((f) => f.offline)]
  const [path = '', ...otherPaths] = paths.map((file) => file.path)
  return { rank, photoId, path, otherPaths, score, offline }
}

/** No translation is made up: what the model does not know, it is not asked. */
function describeLanguage(language: string): string {
  return `These words look like ${language}, which the model in use does not know. Names, captions and tags were searched; for what photos show, use English words or a model that knows ${language}: "semblance models catalogue".`
}

const verdicts: Readonly<Record<RankedPhotos['verdict'], string>> = {
  matches: '',
  all: '',
  weak: ' None matches well.',
  nothing: ' Nothing here matches; these come nearest.',
}

function describe(
  { hits, searched, durationMs }: SearchResult,
  verdict: RankedPhotos['verdict'],
): string {
  if (hits.length === 0) return 'Nothing found.'
  const rows = hits.map((hit) => [
    String(hit.rank),
    hit.score.toFixed(3),
    String(hit.photoId),
    `${hit.path}${hit.offline ? '  (offline)' : ''}`,
  ])
  const table = formatTable(['#', 'score', 'id', 'photo'], rows)
  return `${table}\n\n${formatCount(searched, 'photo')} searched in ${durationMs.toFixed(0)} ms.${verdicts[verdict]}`
}
