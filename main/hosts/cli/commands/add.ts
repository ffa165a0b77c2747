/** `semblance add`: names folders as part of the library and scans them. */
import { Command } from 'commander'
import type { Cli } from '../cli.js'
import { followJob } from '../output/followJob.js'

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
          `${report.photos} photos in the library, ${report.added} of them new.`,
          ...(report.failed > 0
            ? [`${report.failed} files could not be read; "semblance status" names them.`]
            : []),
          'Next: semblance index',
        ].join('\n'),
      )
    })
}
