/** `semblance models import`, `export` and `remove`: models in, out and away. */
import { Command } from 'commander'
import type { Cli } from '../../cli.js'
import { formatBytes, printable } from '../../output/format.js'

export function importCommand(cli: Cli): Command {
  return new Command('import')
    .description('copy a model into the library, from a folder or a zip archive, and try it out')
    .argument('<dir or zip>', 'a model in the Hugging Face layout')
    .action(async (path: string) => {
      const model = await (await cli.engine()).modelStore.importFrom(path, cli.signal)
      cli.result(model, () =>
        [
          `${printable(model.name)} is in the library and runs (${model.id}).`,
          `Next: semblance models use ${model.id}`,
        ].join('\n'),
      )
    })
}

export function exportCommand(cli: Cli): Command {
  return new Command('export')
    .description('copy a model to a folder that other programs can load it from')
    .argument('<dir or id>', 'a model directory, or the id of a known model')
    .argument('<folder>', 'where to; a new or an empty folder')
    .action(async (reference: string, folder: string) => {
      const { modelStore } = await cli.engine()
      const { id, name, path } = await modelStore.exportTo(reference, folder, cli.signal)
      cli.result({ id, name, path }, () => `${printable(name)} is in ${printable(path)}.`)
    })
}

export function removeCommand(cli: Cli): Command {
  return new Command('remove')
    .description('forget a model with what it knows of the photos; a folder of yours stays')
    .argument('<id>', 'the id or name of a known model')
    .option('--dry-run', 'only tell what it would free')
    .action(async (reference: string, { dryRun = false }: { dryRun?: boolean }) => {
      const { models, modelStore } = await cli.engine()
      const { row } = await models.find(reference)
      const freed = dryRun ? await modelStore.space(row) : await modelStore.remove(row)
      const { files, embeddings, caches } = freed
      cli.result({ id: row.uid, name: row.name, freed }, () =>
        [
          `${printable(row.name)} ${dryRun ? 'would free' : 'was removed, which freed'} ${formatBytes(files + caches)}`,
          `and ${formatBytes(embeddings)} inside the library's database, for others to use.`,
        ].join(' '),
      )
    })
}
