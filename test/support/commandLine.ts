/** Runs the compiled `semblance` command in processes of its own, as people do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { projectRoot } from '../../main/platform/entries.js'
import { wireErrorSchema } from '../../shared/errors.js'

/** What a command left behind. */
export interface Finished {
  /** Null if a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A command under way, in a process group of its own, as a terminal makes one. */
export interface RunningCommand {
  readonly pid: number
  readonly finished: Promise<Finished>
  /** Resolves to the first line on stdout that `matches`; fails if the command ends without one. */
  line(matches: (line: string) => boolean): Promise<string>
  /** Signals the command alone. */
  signal(name: NodeJS.Signals): void
  /** Signals the command and its children, as Ctrl-C in a terminal does. */
  signalGroup(name: NodeJS.Signals): void
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  /** The user to run as; only root may choose. */
  readonly user?: number
}

/** Starts `semblance` with `args`; what is left of it after the test is killed. */
export function startSemblance(args: readonly string[], options?: CommandOptions): RunningCommand {
  return startScript('app/semblance.js', args, options)
}

/** Starts a compiled program, named by its path in dist/. */
export function startScript(
  script: string,
  args: readonly string[],
  { env = {}, user }: CommandOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', script), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  const pid = child.pid ?? 0
  const output = collectOutput(child)
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout: output.stdout(), stderr: output.stderr() }),
    )
  })
  onTestFinished(() => void trySignal(-pid, 'SIGKILL'))
  return {
    pid,
    finished,
    line: (matches) => output.line(matches),
    signal: (name) => trySignal(pid, name),
    signalGroup: (name) => trySignal(-pid, name),
  }
}

/** Runs `semblance` with `args` to its end. */
export function runSemblance(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Finished> {
  return startSemblance(args, options).finished
}

/** Runs a command that must succeed with --json; the object on its last line, by `schema`. */
export async function runForJson<T extends z.ZodType>(
  args: readonly string[],
  schema: T,
  options: CommandOptions = {},
): Promise<z.infer<T>> {
  const finished = await runSemblance([...args, '--json'], options)
  expect(finished, args.join(' ')).toMatchObject({ exitCode: 0 })
  return schema.parse(jsonLines(finished.stdout).at(-1))
}

/** Runs a command that must succeed; what it printed for people. */
export async function runForText(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const finished = await runSemblance(args, options)
  expect(finished, args.join(' ')).toMatchObject({ exitCode: 0 })
  return finished.stdout
}

const failureSchema = z.object({ error: wireErrorSchema })

/** Runs a command that must fail with --json, with `exitCode`; what it said. */
export async function runForError(
  args: readonly string[],
  exitCode: number,
  options: CommandOptions = {},
): Promise<{ code: string; data: unknown; message: string }> {
  const finished = await runSemblance([...args, '--json'], options)
  expect(finished, args.join(' ')).toMatchObject({ exitCode })
  return failureSchema.parse(jsonLines(finished.stdout).at(-1)).error
}

/** Each line of `stdout`, parsed. */
export function jsonLines(stdout: string): unknown[] {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as unknown)
}

/** Whether a process of this id is alive; one that has ended but was not reaped is not. */
export function isAlive(pid: number): boolean {
  return trySignal(pid, 0)
}

function trySignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  // Zero would mean this process's own group.
  if (pid === 0) return false
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

function collectOutput(child: ChildProcess) {
  const text = { stdout: '', stderr: '' }
  const watchers = new Set<(ended: boolean) => void>()
  const tellWatchers = (ended: boolean) => {
    for (const watcher of [...watchers]) watcher(ended)
  }
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk
    tellWatchers(false)
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk
  })
  child.once('close', () => tellWatchers(true))
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    line(matches: (line: string) => boolean): Promise<string> {
      return new Promise((resolve, reject) => {
        const watcher = (ended: boolean) => {
          const found = text.stdout.split('\n').slice(0, -1).find(matches)
          if (found === undefined && !ended) return
          watchers.delete(watcher)
          if (found !== undefined) resolve(found)
          else reject(new Error(`it ended without the line: ${text.stdout}${text.stderr}`))
        }
        watchers.add(watcher)
        watcher(child.exitCode !== null || child.signalCode !== null)
      })
    },
  }
}
