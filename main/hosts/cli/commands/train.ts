/** `semblance train`: trains a pair of encoders on a folder of pictures. */
import { Command } from 'commander'
import type { TrainingEvent } from '../../../../shared/domain/training.js'
import type { Cli } from '../cli.js'
import { readChoice, readInteger, readPositiveInteger, readPositiveNumber } from '../options.js'
import { describeRetrieval } from '../output/describeRetrieval.js'
import { formatDuration, printable } from '../output/format.js'
import { showTraining } from '../output/showTraining.js'

interface TrainOptions {
  out: string
  from?: string
  method?: 'scratch' | 'quick'
  arch?: string
  loss?: 'infonce' | 'multi-positive'
  minutes?: number
  epochs?: number
  batch?: number
  lr?: number
  seed?: number
  device: 'cpu' | 'webgpu' | 'auto'
  resume?: true
}

export function trainCommand(cli: Cli): Command {
  return new Command('train')
    .description(
      "train a pair of encoders on a folder's pictures and the words that belong to them",
    )
    .argument('<folder>', 'folder with pictures')
    .requiredOption('--out <dir>', 'where the new model is written')
    .option('--from <model dir>', 'the model to start from (quick)')
    .option(
      '--method <scratch|quick>',
      'scratch: both encoders from nothing; quick: adapters on --from (default: quick with --from, else scratch)',
      readChoice('--method', ['scratch', 'quick']),
    )
    .option(
      '--arch <name|file>',
      'architecture for scratch: tiny, small, base-b32 or a JSON file (default: small)',
    )
    .option(
      '--loss <name>',
      'infonce or multi-positive (default: multi-positive)',
      readChoice('--loss', ['infonce', 'multi-positive']),
    )
    .option('--minutes <m>', 'stop after this time', readPositiveNumber('--minutes'))
    .option(
      '--epochs <n>',
      'stop after this many passes over the pictures',
      readPositiveNumber('--epochs'),
    )
    .option('--batch <b>', 'pairs in a batch', readPositiveInteger('--batch'))
    .option('--lr <x>', 'peak learning rate', readPositiveNumber('--lr'))
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
        if (!cli.options.json) cli.result(finished, () => describe(finished))
      } finally {
        bar.stop()
      }
    })
}

const captionHelp = `
Words of a picture, the first that is there:
  <picture>.txt beside it, each line a caption
  captions.csv or captions.jsonl in the folder, with file, caption (or captions) and label
  its file name and folder names, without camera names, dates and numbers
`

type Finished = Extract<TrainingEvent, { type: 'finished' }>

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

function describe(finished: Finished): string {
  const parts = [
    `Trained in ${formatDuration(finished.seconds)} (${finished.step} steps): ${printable(finished.modelPath)}`,
  ]
  if (finished.before !== null)
    parts.push(`Before, on held-out pictures:\n${describeRetrieval(finished.before)}`)
  if (finished.heldOut !== null)
    parts.push(`Held-out pictures:\n${describeRetrieval(finished.heldOut)}`)
  parts.push(`Next: semblance models use ${printable(finished.modelPath)} && semblance index`)
  return parts.join('\n\n')
}
