/** Fetches one file of the hub, going on where an earlier try ended. */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors.js'
import { requireRoom } from '../../platform/diskSpace.js'
import { toFileError } from '../../platform/fileErrors.js'
import type { Answer } from '../../platform/net/web.js'
import { checkFile } from './checkFile.js'
import type { PlannedFile } from './downloadPlan.js'
import type { HubAccess } from './planDownload.js'
import { PassingFailure, requireGiven, retrying } from './retrying.js'

export interface FetchFileOptions {
  readonly address: string
  readonly file: PlannedFile
  /** Where the whole file goes; what there is of it until then lies beside it, in `.part`. */
  readonly target: string
  /** Bytes of the file that are there. */
  readonly onBytes: (bytes: number) => void
}

/**
 * The file's sha256, once it is whole and what the plan says. What a try brought stays for the next;
 * a file that turns out wrong is fetched anew once, since it may have been put together of two.
 *
 * @throws AppError HUB_UNREACHABLE, HUB_REFUSED, DOWNLOAD_ALTERED, DISK_FULL
 */
export async function fetchFile(hub: HubAccess, options: FetchFileOptions): Promise<string> {
  const { file, target, onBytes } = options
  const part = `${target}.part`
  await mkdir(dirname(target), { recursive: true }).catch(rethrow(target))
  for (let fresh = false; ; fresh = true) {
    const resumed = (await sizeOf(part)) > 0
    try {
      await fetchPart(hub, options, part)
      const sha256 = await checkFile(part, file, hub.signal)
      await rename(part, target).catch(rethrow(target))
      return sha256
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DOWNLOAD_ALTERED') throw error
      await rm(part, { force: true })
      onBytes(0)
      if (fresh || !resumed) throw error
    }
  }
}

/** Brings the part to its full length. */
async function fetchPart(
  { web, patience, signal }: HubAccess,
  { address, file, onBytes }: FetchFileOptions,
  part: string,
): Promise<void> {
  await retrying(address, patience, signal, async (onProgress) => {
    const have = await startingSize(part, file)
    onBytes(have)
    if (have > 0 && have === file.sizeBytes) return
    const headers = have > 0 ? { range: `bytes=${have}-` } : {}
    const answer = await web.ask('GET', address, { headers, signal })
    // Nothing follows what is there, as far as this hub knows: begin again.
    if (answer.status === 416) await rm(part, { force: true })
    requireGiven(answer, address)
    const from = answer.status === 206 && startsAt(answer, have) ? have : 0
    if (answer.status === 206 && from !== have) {
      answer.discard()
      await rm(part, { force: true })
      throw new PassingFailure('it sent another part than was asked for')
    }
    if (file.sizeBytes === null) await requireRoomFor(answer, part)
    await writeFrom(answer, part, from, file, (bytes) => {
      onProgress()
      onBytes(bytes)
    })
  })
}

/** What is there of the file; nothing if that cannot be its beginning. */
async function startingSize(part: string, { sizeBytes }: PlannedFile): Promise<number> {
  const have = await sizeOf(part)
  if (sizeBytes === null || have <= sizeBytes) return have
  await rm(part, { force: true })
  return 0
}

function startsAt({ headers }: Answer, have: number): boolean {
  return headers['content-range']?.startsWith(`bytes ${have}-`) ?? false
}

/** Of a file whose size nobody told before, the answer may tell it. */
async function requireRoomFor(answer: Answer, part: string): Promise<void> {
  const bytes = Number(answer.headers['content-length'] ?? 0)
  try {
    await requireRoom(dirname(part), Number.isFinite(bytes) ? bytes : 0)
  } catch (error) {
    answer.discard()
    throw error
  }
}

/** More than any model's: an answer without end must not fill the disk. */
function mostBytes(path: string): number {
  return path.endsWith('.json') || path.endsWith('.txt') ? 128 * 2 ** 20 : 8 * 2 ** 30
}

async function writeFrom(
  answer: Answer,
  part: string,
  from: number,
  { path, sizeBytes }: PlannedFile,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const most = sizeBytes ?? mostBytes(path)
  const file = await open(part, from > 0 ? 'a' : 'w').catch(rethrow(part))
  let written = from
  try {
    for await (const chunk of answer.body) {
      if (written + chunk.length > most) {
        const expected = `${sizeBytes === null ? 'at most ' : ''}${most} bytes`
        throw new AppError('DOWNLOAD_ALTERED', { file: path, expected, found: 'more' })
      }
      await file.write(chunk).catch(rethrow(part))
      written += chunk.length
      onBytes(written)
    }
    await file.sync().catch(rethrow(part))
  } finally {
    answer.discard()
    await file.close()
  }
  if (sizeBytes !== null && written < sizeBytes) throw new PassingFailure('the connection was cut')
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}

/** A disk's errors name the file, and are not taken for those of the network. */
function rethrow(path: string): (error: unknown) => never {
  return (error) => {
    throw toFileError(error, path)
  }
}
