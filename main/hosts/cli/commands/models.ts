/** `semblance models`: list, choose and verify the models of the library. */
import { Command } from 'commander'
import type { ListedModel } from '../../../../shared/domain/library.js'
import type { Cli } from '../cli.js'
import { describeLanguages, describeLicence, describeRecall } from '../output/describeModel.js'
import { followJob } from '../output/followJob.js'
import { formatBytes, formatTable, printable } from '../output/format.js'
import { compareCommand } from './models/compare.js'
import { exportCommand, importCommand, removeCommand } from './models/copies.js'
import { catalogueCommand, downloadCommand } from './models/download.js'
import { precisionCommand } from './precision.js'

export function modelsCommand(cli: Cli): Command {
  return new Command('models')
    .description('list, download, compare, import and export models, and choose the active one')
    .addCommand(listCommand(cli))
    .addCommand(catalogueCommand(cli))
    .addCommand(downloadCommand(cli))
    .addCommand(importCommand(cli))
    .addCommand(exportCommand(cli))
    .addCommand(useCommand(cli))
    .addCommand(compareCommand(cli))
    .addCommand(removeCommand(cli))
    .addCommand(verifyCommand(cli))
    .addCommand(precisionCommand(cli))
}

function listCommand(cli: Cli): Command {
  return new Command('list').description('list the models').action(async () => {
    const { client } = await cli.engine()
    const models = await client.models.list()
    cli.result({ models }, () => describe(models))
  })
}

function useCommand(cli: Cli): Command {
  return new Command('use')
    .description(
      'make a model the active one, once it has seen the photos; embeddings of others are kept',
    )
    .argument('<dir or id>', 'a model directory, or the id or name of a known model')
    .action(async (reference: string) => {
      const { modelStore } = await cli.engine()
      const model = await followJob(cli, (run) => modelStore.useNow(reference, run))
      cli.result(model, () => `${printable(model.name)} is active.`)
    })
}

function verifyCommand(cli: Cli): Command {
  return new Command('verify')
    .description('compare every file of a model with the checksum recorded for it')
    .argument(
      '[dir or id]',
      'a model directory, or the id of a known model (default: the active one)',
    )
    .action(async (reference: string | undefined) => {
      const { models } = await cli.engine()
      const report = await cli.interruptible(models.verify(reference ?? null))
      cli.result(report, () => `${printable(report.path)}: ${report.files} files, all as recorded.`)
    })
}

function describe(models: readonly ListedModel[]): string {
  const header = ['', 'model', 'kind', 'dim', 'indexed', 'size', 'languages', 'licence']
  const rows = models.map((model) => [
    model.active ? '*' : '',
    model.name,
    model.kind,
    String(model.dim),
    String(model.indexed),
    model.present ? formatBytes(model.sizeBytes) : 'away',
    model.languages === null ? '?' : describeLanguages(model.languages),
    model.licence === null ? '?' : describeLicence(model.licence),
    ...figuresOf(model),
    model.id,
    model.path,
  ])
  return formatTable([...header, 'in the first 10', 'photos', 'id', 'path'], rows)
}

/** What "semblance models compare" measures on a person's photos. */
function figuresOf({ measure }: ListedModel): [recall: string, speed: string] {
  if (measure === null) return ['?', '?']
  return [describeRecall(measure, 'recallAt10'), `${measure.picturesPerSecond.toFixed(1)}/s`]
}
