/** `semblance models compare`: two models side by side, by figures and by a query. */
import { Command } from 'commander'
import type { ModelMeasure } from '../../../../../shared/domain/library.js'
import { unpack } from '../../../../../shared/domain/packed.js'
import type { Engine } from '../../../../engine/createEngine.js'
import type { Model } from '../../../../storage/repositories/models.js'
import type { Cli } from '../../cli.js'
import { readPositiveInteger } from '../../options.js'
import { followJob } from '../../output/followJob.js'
import { formatPercent, formatTable, printable } from '../../output/format.js'

interface Compared {
  readonly id: string
  readonly name: string
  readonly measure: ModelMeasure
  /** Paths of the best photos for the words; empty without words. */
  readonly hits: readonly string[]
}

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
        const hits = words === undefined ? [] : await best(engine, row.uid, words, limit)
        compared.push({ id: row.uid, name: row.name, measure, hits })
      }
      cli.result({ models: compared }, () => describe(compared))
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
  return paths
}

function describe(compared: readonly Compared[]): string {
  const figures = formatTable(
    ['', ...compared.map(({ name }) => name)],
    [
      ['photos with words', ...compared.map(({ measure }) => String(measure.photos))],
      ['left out, as learned from', ...compared.map(({ measure }) => String(measure.learned))],
      [
        'found first by their words',
        ...compared.map(({ measure }) => recall(measure, 'recallAt1')),
      ],
      ['among the first ten', ...compared.map(({ measure }) => recall(measure, 'recallAt10'))],
      ['photos a second', ...compared.map(({ measure }) => measure.picturesPerSecond.toFixed(1))],
      ['ms a query', ...compared.map(({ measure }) => measure.queryMs.toFixed(1))],
    ],
  )
  const lists = compared
    .filter(({ hits }) => hits.length > 0)
    .map(({ name, hits }) =>
      [`${printable(name)}:`, ...hits.map((path, i) => `  ${i + 1}. ${printable(path)}`)].join(
        '\n',
      ),
    )
  return [figures, ...lists].join('\n\n')
}

function recall({ report, learned }: ModelMeasure, kind: 'recallAt1' | 'recallAt10'): string {
  if (report === null) return learned === 0 ? 'no words' : 'too few left'
  return formatPercent(report.textToImage[kind])
}
