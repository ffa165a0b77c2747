/** `semblance search`: photos by words, by a picture, or by both. */
import { Command } from 'commander'
import type { SearchResult } from '../../../../shared/domain/search.js'
import type { Cli } from '../cli.js'
import { readPositiveInteger } from '../options.js'
import { formatTable } from '../output/format.js'

interface SearchOptions {
  image?: string
  like?: string
  model?: string
  limit: number
}

export function searchCommand(cli: Cli): Command {
  return new Command('search')
    .description('find photos by words, by a picture, or by both together')
    .argument('[words]', 'what the photos show')
    .option('--image <file>', 'look for photos like this picture')
    .option('--like <photo>', 'look for photos like this one of the library (its path or id)')
    .option('--limit <n>', 'how many to show', readPositiveInteger('--limit'), 20)
    .option('--model <dir or id>', 'the model to search with (default: the active one)')
    .action(async (words: string | undefined, options: SearchOptions) => {
      const { search } = await cli.engine()
      const result = await cli.interruptible(
        search.search({
          words: words ?? null,
          imageFile: options.image ?? null,
          likePhoto: options.like ?? null,
          model: options.model ?? null,
          limit: options.limit,
        }),
      )
      cli.result(result, () => describe(result))
    })
}

function describe(result: SearchResult): string {
  if (result.hits.length === 0) return 'Nothing found.'
  const rows = result.hits.map((hit) => [
    String(hit.rank),
    hit.score.toFixed(3),
    String(hit.photoId),
    `${hit.path}${hit.offline ? '  (offline)' : ''}`,
  ])
  return `${formatTable(['#', 'score', 'id', 'photo'], rows)}\n\n${result.searched} photos searched in ${result.durationMs.toFixed(0)} ms.`
}
