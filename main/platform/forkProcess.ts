/** Starts processes of this program's own: the one place that knows how. */
import { fork } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * A process that was started, as Node's ChildProcess has it. Emits `spawn` once it has an id, and
 * `message`, `error` and `close` (exit code, signal).
 */
export interface ForkedProcess extends EventEmitter {
  readonly pid?: number | undefined
  readonly connected: boolean
  send(message: object, sent: (error: Error | null) => void): boolean
  kill(signal: NodeJS.Signals): boolean
}

/** Starts a compiled file (see `resolveEntry`), to which messages go as JSON. */
export type ForkProcess = (entry: URL) => ForkedProcess

let chosen: ForkProcess = (entry) =>
  fork(fileURLToPath(entry), [], { serialization: 'json', execArgv: [] })

export const forkProcess: ForkProcess = (entry) => chosen(entry)

/** For a host whose program is no plain Node: called once, before anything is started. */
export function forkBy(fork: ForkProcess): void {
  chosen = fork
}
