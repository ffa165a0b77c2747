/** `semblance serve`: the app in a browser, from this machine. */
import { Command } from 'commander'
import { AppError } from '../../../../shared/errors.js'
import type { Cli } from '../cli.js'

interface ServeOptions {
  port: number
  host: string
  open: boolean
}

export function serveCommand(cli: Cli): Command {
  return new Command('serve')
    .description('serve the app on this machine and print its address')
    .option('--port <n>', 'port to listen on (default: any that is free)', readPort, 0)
    .option(
      '--host <address>',
      'address to bind to; another one than 127.0.0.1 lets others on your network reach the app',
      '127.0.0.1',
    )
    .option('--no-open', 'do not open a browser')
    .action(async ({ port, host, open }: ServeOptions) => {
      const { serveApp } = await import('../../server/serveApp.js')
      if (host !== '127.0.0.1') {
        cli.note(`Anyone who has the address can use this library, over an unencrypted connection.`)
      }
      await serveApp({
        libraryFolder: cli.options.library,
        loadEngine: cli.engine,
        host,
        port,
        open,
        signal: cli.signal,
        onReady: (url) => cli.result({ url }, () => `Semblance is at ${url}`),
      })
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new AppError('INVALID_ARGUMENT', {
    argument: '--port',
    problem: `"${text}" is not a port (0 to 65535)`,
  })
}
