#!/usr/bin/env node
/** The `semblance` command. */
import { runCli } from './runCli.js'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Who read the output has seen enough, as `head` does: that is no failure of the command.
    if (error.code !== 'EPIPE') throw error
  })
}
process.exitCode = await runCli(process.argv.slice(2))
