/** `semblance add`: names folders as part of the library and scans them. */
import { Command } from 'commander'
import type { Cli } from '../cli.js'
import { followJob } from '../output/followJob.js'
import { formatCount } from '../output/format.js'

export function addCommand(cli: Cli): Command {
  return new Command('add')
    .description('add folders to the library and scan them; a folder added before is scanned again')
    .argument('<folder...>', 'folders with pictures')
    .action(async (folders: string[]) => {
      const report = await followJob(cli, async (run) =>
        (await cli.engine()).library.addFolders(folders, run),
      )
      cli.result(report, () =>
        [
          `${formatCount(report.photos, 'photo')} in the library, ${report.added} of them new.`,
          ...(report.failed > 0
            ? [
                `${formatCount(report.failed, 'file')} could not be read; "semblance status" names them.`,
              ]
            : []),
          'Next: semblance index',
        ].join('\n'),
      )
    })
}
