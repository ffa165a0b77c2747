/** `semblance index`: gives every photo its embedding. */
import { Command } from 'commander'
import type { Cli } from '../cli.js'
import { readChoice } from '../options.js'
import { followJob } from '../output/followJob.js'
import { formatCount, formatDuration, printable } from '../output/format.js'

export function indexCommand(cli: Cli): Command {
  return new Command('index')
    .description('compute the embeddings of photos that have none yet; goes on where it stopped')
    .option('--model <dir or id>', 'the model to index with (default: the active one)')
    .option(
      '--device <cpu|webgpu|auto>',
      'where the encoder runs',
      readChoice('--device', ['cpu', 'webgpu', 'auto']),
      'cpu' as const,
    )
    .action(async (options: { model?: string; device: 'cpu' | 'webgpu' | 'auto' }) => {
      const report = await followJob(cli, async (run) =>
        (await cli.engine()).library.index(options, run),
      )
      cli.result(report, () =>
        [
          `${formatCount(report.indexed, 'photo')} indexed with ${printable(report.model)} in ${formatDuration(report.seconds)}${report.device === 'cpu' ? '' : ` (${report.device})`}, ${report.total} in all.`,
          ...(report.failed > 0
            ? [
                `${formatCount(report.failed, 'picture')} could not be read; "semblance status" names them.`,
              ]
            : []),
          'Next: semblance search "<words>"',
        ].join('\n'),
      )
    })
}
