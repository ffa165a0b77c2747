/** What every command is given: output, progress, cancellation and the engine, made on first use. */
import type { Engine, EngineOptions } from '../../engine/createEngine.js'
import { untilAborted } from '../../platform/untilAborted.js'
import { describeDefect, printable } from './output/format.js'
import { createProgress, type Progress } from './output/progress.js'

export interface Cli {
  /** Set by the global options before a command's action runs. */
  readonly options: GlobalOptions
  readonly signal: AbortSignal
  /** The engine over the chosen library; loaded on first call, disposed of by `runCli`. */
  engine(): Promise<Engine>
  /** What `work` gives, or CANCELLED at once when interrupted: for calls that take no signal. */
  interruptible<T>(work: Promise<T>): Promise<T>
  /** The progress bar on stderr, silent with --json or off a terminal. */
  progress(): Progress
  /** Prints `value` as one JSON line with --json, otherwise the text for people. */
  result(value: unknown, text: () => string): void
  /** Prints one event as a JSON line; nothing without --json. */
  event(value: unknown): void
  /** A line for people on stderr, made safe for a terminal; nothing with --json. */
  note(line: string): void
}

export interface GlobalOptions {
  readonly json: boolean
  readonly library: string | undefined
}

/** The streams a command writes to, so that tests can read them. */
export interface CliStreams {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WriteStream
}

export function createCli(
  streams: CliStreams,
  readOptions: () => GlobalOptions,
  signal: AbortSignal,
): Cli & { dispose(): Promise<void> } {
  let engine: Promise<Engine> | null = null
  let bar: Progress | null = null
  const writeLine = (line: string) => {
    // A bar that is drawn goes on below the line.
    bar?.stop()
    streams.stderr.write(`${line}\n`)
  }
  return {
    get options() {
      return readOptions()
    },
    signal,
    engine() {
      engine ??= loadEngine({
        libraryFolder: readOptions().library,
        onDefect: (id, error) => writeLine(`semblance: defect ${id}: ${describeDefect(error)}`),
        // With --json too: what went wrong on the way is in no result.
        onNotice: (message) => writeLine(`semblance: ${printable(message)}`),
      })
      return engine
    },
    interruptible: (work) => untilAborted(work, signal),
    progress() {
      bar ??= createProgress(streams.stderr, !readOptions().json)
      return bar
    },
    result(value, text) {
      streams.stdout.write(`${readOptions().json ? JSON.stringify(value) : text()}\n`)
    },
    event(value) {
      if (readOptions().json) streams.stdout.write(`${JSON.stringify(value)}\n`)
    },
    note(line) {
      if (!readOptions().json) writeLine(printable(line))
    },
    async dispose() {
      await (await engine?.catch(() => null))?.dispose()
    },
  }
}

/** --help and usage errors need no engine, whose native modules take a while to load. */
async function loadEngine(options: EngineOptions): Promise<Engine> {
  const { createEngine } = await import('../../engine/createEngine.js')
  return createEngine(options)
}
