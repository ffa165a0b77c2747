/** `semblance train`: trains a pair of encoders on a folder of pictures. */
import { Command } from 'commander'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import type { Cli } from '../cli.js'
import { readChoice, readInteger } from '../options.js'
import { describeFinished } from '../output/describeFinished.js'
import { printable } from '../output/format.js'
import { showTraining } from '../output/showTraining.js'
import { addCourseOptions } from './train/addCourseOptions.js'
import { addLossOptions } from './train/addLossOptions.js'
import { addMethodOptions } from './train/addMethodOptions.js'
import { addOptimizerOptions } from './train/addOptimizerOptions.js'
import { addPictureOptions } from './train/addPictureOptions.js'
import { captionHelp, lossHelp, methodHelp } from './train/help.js'
import type { TrainOptions } from './train/trainOptions.js'

/** In the order in which `--help` lists them. */
const groups = [
  addMethodOptions,
  addLossOptions,
  addPictureOptions,
  addCourseOptions,
  addOptimizerOptions,
]

export function trainCommand(cli: Cli): Command {
  const command = new Command('train')
    .description(
      "train a pair of encoders on a folder's pictures and the words that belong to them",
    )
    .argument('<folder>', 'folder with pictures')
    .requiredOption('--out <dir>', 'where the new model is written')
  for (const addOptions of groups) addOptions(command)
  return command
    .option('--seed <s>', 'seed of everything random', readInteger('--seed'))
    .option(
      '--device <cpu|webgpu|auto>',
      'where it is trained',
      readChoice('--device', ['cpu', 'webgpu', 'auto']),
      'cpu',
    )
    .option(
      '--resume',
      'go on from the checkpoint of an interrupted run with the same --out, as it was begun',
    )
    .addHelpText('after', methodHelp)
    .addHelpText('after', lossHelp)
    .addHelpText('after', captionHelp)
    .action(async (folder: string, options: TrainOptions) => {
      const bar = cli.progress()
      try {
        const { training } = await cli.engine()
        const finished = await training.train(
          { folder, ...options, resume: options.resume === true },
          { signal: cli.signal, onEvent: (event) => show(cli, bar, event) },
        )
        bar.stop()
        if (!cli.options.json) cli.result(finished, () => describeFinished(finished))
      } finally {
        bar.stop()
      }
    })
}

function show(cli: Cli, bar: ReturnType<Cli['progress']>, event: TrainingEvent): void {
  cli.event(event)
  showTraining(bar, event)
  if (event.type === 'notice') cli.note(event.message)
  if (event.type === 'started') {
    cli.note(
      `${event.pairs} pairs to learn from, ${event.heldOut} held out, ${event.skipped.length} skipped.`,
    )
    for (const file of event.skipped.slice(0, 10))
      cli.note(`  ${printable(file.path)}: ${file.reason}`)
  }
}
