/** What every command is given: output, progress, cancellation and the engine, made on first use. */
import type { Engine } from '../../engine/createEngine.js'
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
  /** A progress bar on stderr, silent with --json or off a terminal. */
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
  return {
    get options() {
      return readOptions()
    },
    signal,
    engine() {
      engine ??= loadEngine(readOptions().library, (id, error) =>
        streams.stderr.write(`semblance: defect ${id}: ${describeDefect(error)}\n`),
      )
      return engine
    },
    interruptible: (work) => untilAborted(work, signal),
    progress: () => createProgress(streams.stderr, !readOptions().json),
    result(value, text) {
      streams.stdout.write(`${readOptions().json ? JSON.stringify(value) : text()}\n`)
    },
    event(value) {
      if (readOptions().json) streams.stdout.write(`${JSON.stringify(value)}\n`)
    },
    note(line) {
      if (!readOptions().json) streams.stderr.write(`${printable(line)}\n`)
    },
    async dispose() {
      await (await engine?.catch(() => null))?.dispose()
    },
  }
}

/** --help and usage errors need no engine, whose native modules take a while to load. */
async function loadEngine(
  libraryFolder: string | undefined,
  onDefect: (id: string, error: unknown) => void,
): Promise<Engine> {
  const { createEngine } = await import('../../engine/createEngine.js')
  return createEngine({ libraryFolder, onDefect })
}
