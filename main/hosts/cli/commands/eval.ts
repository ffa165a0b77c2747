/** `semblance eval`: how well a model finds a folder's pictures by their words, and back. */
import { Command } from 'commander'
import type { Cli } from '../cli.js'
import { describeRetrieval } from '../output/describeRetrieval.js'
import { followJob } from '../output/followJob.js'

export function evalCommand(cli: Cli): Command {
  return new Command('eval')
    .description(
      "measure recall of a folder's pictures by their captions, both ways, against chance",
    )
    .argument('<folder>', 'folder with pictures and their words')
    .requiredOption('--model <dir or id>', 'the model to measure')
    .action(async (folder: string, options: { model: string }) => {
      const report = await followJob(cli, async (run) =>
        (await cli.engine()).training.evaluate({ folder, model: options.model }, run),
      )
      cli.result(report, () => describeRetrieval(report.report))
    })
}
