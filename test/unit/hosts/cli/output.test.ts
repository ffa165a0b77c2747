/** What the command line writes, and to whom. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createCli } from '../../../../main/hosts/cli/cli.js'
import { formatCount, formatTable } from '../../../../main/hosts/cli/output/format.js'
import { createProgress } from '../../../../main/hosts/cli/output/progress.js'
import { projectRoot } from '../../../../main/platform/entries.js'

const hostile = 'a\u001b]0;owned\u0007b\u202etxt.{bar}'

/** A stream that passes for a terminal and keeps what was written. */
function terminal() {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk))
      done()
    },
  })
  const tty = { isTTY: true, columns: 200, cursorTo() {}, clearLine() {}, moveCursor() {} }
  return { stream: Object.assign(stream, tty) as unknown as NodeJS.WriteStream, written }
}

test('a name cannot command the terminal, neither in a note nor on a progress bar', () => {
  const { stream, written } = terminal()
  const options = { json: false, library: undefined }
  const streams = { stdout: new PassThrough(), stderr: stream }
  const cli = createCli(streams, () => options, new AbortController().signal)
  cli.note(`${hostile} is left out`)
  const bar = createProgress(stream, true)
  bar.update(`looking through ${hostile}`, 1, 0)
  bar.stop()
  const text = written.join('')
  for (const command of ['\u001b]', '\u0007', '\u202e']) expect(text).not.toContain(command)
  expect(text).toContain('\\u{1b}]0;owned\\u{7}b\\u{202e}txt.{bar} is left out')
  expect(text).toContain('txt.{bar} ')
})

test('a note stands on a line of its own, and the bar goes on below it', () => {
  const { stream, written } = terminal()
  const options = { json: false, library: undefined }
  const streams = { stdout: new PassThrough(), stderr: stream }
  const cli = createCli(streams, () => options, new AbortController().signal)
  const bar = cli.progress()
  bar.update('indexing', 1, 4)
  cli.note('one is left out')
  bar.update('indexing', 2, 4)
  bar.stop()
  const lines = written.join('').split('\n')
  expect(lines).toContain('one is left out')
  expect(lines.filter((line) => line.includes('indexing'))).toHaveLength(2)
})

test('a bar shows no share of what is not known, and no work of earlier runs as speed', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { stream, written } = terminal()
  const bar = createProgress(stream, true)
  bar.update('looking through', 128, 0)
  bar.stop()
  expect(written.join('')).toContain('128 found')
  expect(written.join('')).not.toMatch(/[█░%]/)
  bar.update('indexing', 900, 1_000)
  vi.advanceTimersByTime(5_000)
  bar.update('indexing', 950, 1_000)
  bar.stop()
  expect(written.join('')).toContain('95 %  950/1000  10/s  5 s left')
})

test('one is not several', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'photo'))).toEqual([
    '0 photos',
    '1 photo',
    '2 photos',
  ])
})

test('a table may have very many rows', () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => [String(i)])
  expect(formatTable(['#'], rows).split('\n')).toHaveLength(300_002)
})

test('a call without a signal of its own is given up when interrupted', async () => {
  const interrupt = new AbortController()
  const streams = { stdout: new PassThrough(), stderr: terminal().stream }
  const cli = createCli(streams, () => ({ json: false, library: undefined }), interrupt.signal)
  const never = cli.interruptible(new Promise(() => {}))
  const reason = new Error('Ctrl-C')
  interrupt.abort(reason)
  await expect(never).rejects.toBe(reason)
  await expect(cli.interruptible(new Promise(() => {}))).rejects.toBe(reason)
})

test('a reader that closes the pipe is no failure', async () => {
  const entry = join(projectRoot, 'dist', 'app', 'semblance.js')
  const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const [exitCode] = await once(child, 'close')
  expect({ exitCode, complaint }).toEqual({ exitCode: 0, complaint: '' })
})
