/** `semblance models catalogue` and `semblance models download`: models of the hub. */
import { Command } from 'commander'
import type { CatalogueItem } from '../../../../../shared/domain/catalogue.js'
import type { Cli } from '../../cli.js'
import { describeLanguages, describeLicence } from '../../output/describeModel.js'
import { followJob } from '../../output/followJob.js'
import { formatBytes, formatTable, printable } from '../../output/format.js'

export function catalogueCommand(cli: Cli): Command {
  return new Command('catalogue')
    .description('list the models that can be downloaded; asks nothing of the network')
    .option('--measure', 'measure this machine for two seconds and tell how fast each would be')
    .action(async ({ measure = false }: { measure?: boolean }) => {
      const { client } = await cli.engine()
      if (measure) await cli.interruptible(client.models.measureMachine())
      const models = await client.models.catalogue()
      cli.result({ models }, () => describe(models))
    })
}

export function downloadCommand(cli: Cli): Command {
  return new Command('download')
    .description('download a model from the hub; goes on where it stopped')
    .argument('<name>', 'what "semblance models catalogue" calls it, or any <owner>/<repository>')
    .option('--hub <address>', 'where models come from, kept for later (HF_ENDPOINT is known too)')
    .option('--proxy <address>', 'through which proxy, kept for later (HTTPS_PROXY is known too)')
    .action(async (name: string, { hub, proxy }: { hub?: string; proxy?: string }) => {
      const { client, modelStore, models } = await cli.engine()
      await client.settings.set({ hubAddress: hub, proxyAddress: proxy })
      const id = await followJob(cli, (run) => modelStore.download(name, run))
      const model = await models.known(id)
      const { licence } = await modelStore.factsOf(model)
      cli.result({ id, name: model.name, path: model.path, licence }, () =>
        [
          `${printable(model.name)} is there and runs (${id}).`,
          ...(licence === null ? [] : [`Licence: ${printable(describeLicence(licence))}.`]),
          `Next: semblance models use ${id}`,
        ].join('\n'),
      )
    })
}

function describe(items: readonly CatalogueItem[]): string {
  const rows = items.map((item) => [
    item.model === null ? '' : '✓',
    item.id,
    `${item.sizeIsKnown ? '' : 'about '}${formatBytes(item.sizeBytes)}`,
    formatBytes(item.memoryBytes),
    item.picturesPerSecond === null ? '?' : `about ${roundSpeed(item.picturesPerSecond)}/s`,
    describeLanguages(item.languages),
    describeLicence(item.licence),
    item.summary,
  ])
  const header = ['', 'name', 'size', 'memory', 'photos', 'languages', 'licence', '']
  return formatTable(header, rows)
}

function roundSpeed(speed: number): string {
  return speed >= 10 ? speed.toFixed(0) : speed.toFixed(1)
}
