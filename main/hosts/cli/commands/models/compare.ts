/** `semblance models compare`: two models side by side, by figures and by a query. */
import { Command } from 'commander'
import type { ModelMeasure } from '../../../../../shared/domain/library.js'
import { unpack } from '../../../../../shared/domain/packed.js'
import type { Engine } from '../../../../engine/createEngine.js'
import type { Model } from '../../../../storage/repositories/models.js'
import type { Cli } from '../../cli.js'
import { readPositiveInteger } from '../../options.js'
import { describeRecall } from '../../output/describeModel.js'
import { followJob } from '../../output/followJob.js'
import { formatCount, formatTable, printable } from '../../output/format.js'

interface Compared {
  readonly id: string
  readonly name: string
  readonly measure: ModelMeasure
  /** Paths of the best photos for the words; empty without words. */
  readonly hits: readonly string[]
  /** Photos that it has looked at, so that it can find them; null without words. */
  readonly searched: number | null
  /** What was wrong with the search, in sentences. */
  readonly problems: readonly string[]
}

const notAsked = { hits: [], searched: null, problems: [] }

export function compareCommand(cli: Cli): Command {
  return new Command('compare')
    .description('measure two models on your photos with captions or tags, and compare a search')
    .argument('<one>', 'the id or name of a known model, or a model directory')
    .argument('<other>', 'another one')
    .argument('[words]', 'what to search for with both')
    .option('--limit <n>', 'how many photos to show of each', readPositiveInteger('--limit'), 10)
    .option('--again', 'measure again, though that was done before')
    .action(async (one: string, other: string, words: string | undefined, options) => {
      const { limit, again = false } = options as { limit: number; again?: boolean }
      const engine = await cli.engine()
      const compared: Compared[] = []
      for (const reference of [one, other]) {
        const { row } = await engine.models.register(reference)
        const measure = await measured(cli, engine, row, again)
        const found = words === undefined ? notAsked : await best(engine, row.uid, words, limit)
        compared.push({ id: row.uid, name: row.name, measure, ...found })
      }
      const { photos } = await engine.client.library.status()
      cli.result({ photos, models: compared }, () => describe(compared, photos))
    })
}

async function measured(cli: Cli, { modelStore }: Engine, row: Model, again: boolean) {
  const known = again ? null : await modelStore.measureOf(row)
  return known ?? followJob(cli, (run) => modelStore.measure(row, run))
}

async function best({ client }: Engine, model: string, query: string, limit: number) {
  const found = await client.search.run({ query, order: 'relevance', model })
  const paths: string[] = []
  for (const id of unpack(found.ids).subarray(0, limit)) {
    const { files } = await client.photos.get({ id })
    paths.push(files.find(({ state }) => state === 'present')?.path ?? files[0]?.path ?? '')
  }
  const problems = found.problems.map(({ message }) => message)
  return { hits: paths, searched: found.searched, problems }
}

function describe(compared: readonly Compared[], photos: number): string {
  const figures = formatTable(
    ['', ...compared.map(({ name }) => name)],
    [
      ['photos with words', ...compared.map(({ measure }) => String(measure.photos))],
      ['left out, as learned from', ...compared.map(({ measure }) => String(measure.learned))],
      [
        'found first by their words',
        ...compared.map(({ measure }) => describeRecall(measure, 'recallAt1')),
      ],
      [
        'among the first ten',
        ...compared.map(({ measure }) => describeRecall(measure, 'recallAt10')),
      ],
      ['photos a second', ...compared.map(({ measure }) => measure.picturesPerSecond.toFixed(1))],
      ['ms a query', ...compared.map(({ measure }) => measure.queryMs.toFixed(1))],
    ],
  )
  const answers = compared
    .filter(({ searched }) => searched !== null)
    .map((model) => describeAnswer(model, photos))
  return [figures, ...answers].join('\n\n')
}

/** What one model found; and what it has not looked at, which it cannot be blamed for. */
function describeAnswer({ id, name, hits, searched, problems }: Compared, photos: number): string {
  const seen = searched ?? 0
  return [
    `${printable(name)}:`,
    ...problems.map((problem) => `  ${printable(problem)}`),
    ...(seen > 0 && seen < photos
      ? [`  It has looked at ${seen} of ${formatCount(photos, 'photo')}.`]
      : []),
    ...(seen < photos ? [`  Next: semblance index --model ${id}`] : []),
    ...(hits.length === 0 && seen > 0 ? ['  Nothing was found.'] : []),
    ...hits.map((path, i) => `  ${i + 1}. ${printable(path)}`),
  ].join('\n')
}
