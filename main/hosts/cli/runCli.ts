/** Parses the command line, runs one command, and turns whatever is thrown into an exit status. */
import { Command, CommanderError } from 'commander'
import { AppError, toWireError } from '../../../shared/errors.js'
import { type CliStreams, createCli, type GlobalOptions } from './cli.js'
import { commands } from './commands/table.js'
import { fromContractError } from './contractError.js'
import { describeExitCodes, exitCodeOf, exitCodes } from './exitCodes.js'
import { describeDefect, printable } from './output/format.js'

/** Runs `argv` (without node and script) and resolves to the exit status. Never throws. */
export async function runCli(
  argv: readonly string[],
  streams: CliStreams = process,
  signal: AbortSignal = abortOnInterrupt(),
): Promise<number> {
  // Read from argv, as an error in parsing has to be reported in the right form too.
  const json = argv.includes('--json')
  const program = createProgram(streams)
  const cli = createCli(streams, () => readGlobalOptions(program, argv), signal)
  for (const command of commands) program.addCommand(inheritOutput(command(cli), program))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCodes.ok
  } catch (thrown) {
    const error = fromContractError(thrown)
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok
      // Commander has told people on stderr already.
      const problem = error.message.replace(/^error: /, '')
      if (json)
        report(new AppError('INVALID_ARGUMENT', { argument: 'usage', problem }), json, streams)
      return exitCodes.usage
    }
    report(error, json, streams)
    return exitCodeOf(error)
  } finally {
    await cli.dispose()
  }
}

function createProgram(streams: CliStreams): Command {
  return new Command('semblance')
    .description(
      'Finds the photos in your own folders by what they mean, and learns from those folders. ' +
        'Everything stays on this machine.',
    )
    .option(
      '--library <dir>',
      'where the library lives (default: SEMBLANCE_HOME, or your data folder)',
    )
    .option('--json', 'print JSON: one object, or one line for each event')
    .addHelpText('after', describeExitCodes())
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('(semblance --help shows all commands)')
}

function inheritOutput(command: Command, program: Command): Command {
  command.copyInheritedSettings(program)
  command.option('--json', 'print JSON: one object, or one line for each event')
  command.option('--library <dir>', 'where the library lives')
  for (const child of command.commands) inheritOutput(child, program)
  return command
}

/** --json and --library may stand before or after the command's name. */
function readGlobalOptions(program: Command, argv: readonly string[]): GlobalOptions {
  const at = argv.indexOf('--library')
  const own = program.opts<{ library?: string }>()
  const joined = argv.find((word) => word.startsWith('--library='))?.slice('--library='.length)
  return {
    json: argv.includes('--json'),
    library: own.library ?? joined ?? (at >= 0 ? argv[at + 1] : undefined),
  }
}

function report(error: unknown, json: boolean, streams: CliStreams): void {
  if (json) {
    streams.stdout.write(`${JSON.stringify({ error: toWireError(error) })}\n`)
    return
  }
  if (error instanceof AppError) streams.stderr.write(`semblance: ${printable(error.message)}\n`)
  else streams.stderr.write(`semblance: a defect: ${describeDefect(error)}\n`)
}

/** Ctrl-C asks for an orderly stop; a second one ends the process at once, which is safe as well. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // Not by process.exit: that ends worker threads, of which one in native code would abort.
      process.removeAllListeners(name)
      process.kill(process.pid, name)
      return
    }
    controller.abort(new AppError('CANCELLED', { what: 'The command' }))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
