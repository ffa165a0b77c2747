/** What a picture's file tells of it beside how it looks: its bytes, and when it was taken by what. */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type PhotoMetadata, readMetadata } from '../../library/metadata/readMetadata.js'
import { readImageBytes } from '../../platform/images/readImageBytes.js'

/** When a picture was taken, to the second. */
export interface Shot {
  /** Of the local time, as if it were UTC: only differences count. */
  readonly atMs: number
  /** Null where it is not known. */
  readonly camera: string | null
}

export interface PictureFacts {
  /** First 16 hexadecimal digits of the SHA-256 of its bytes. */
  readonly content: string
  /** Null where the picture does not tell when it was taken. */
  readonly shot: Shot | null
}

/** So many digits of a hash tell a hundred million pictures apart. */
const contentDigits = 16

/** The content of a file by its SHA-256. */
export function contentOf(sha256: string): string {
  return sha256.slice(0, contentDigits)
}

/** @throws AppError FILE_NOT_FOUND, FILE_UNREADABLE, IMAGE_UNREADABLE */
export async function readFacts(path: string): Promise<{ facts: PictureFacts; bytes: Uint8Array }> {
  const { bytes } = await readImageBytes(path)
  const content = contentOf(await hashBytes(bytes))
  const { metadata } = await readMetadata(bytes, path, 0)
  return { facts: { content, shot: shotOf(metadata) }, bytes }
}

/**
 * Null for a time that is a file's, which copying sets, and for a name's without a time of day, which
 * reads as midnight.
 */
export function shotOf({
  takenAt,
  takenAtSource,
  camera,
}: Partial<Pick<PhotoMetadata, 'camera'>> & {
  readonly takenAt: string | null
  readonly takenAtSource: PhotoMetadata['takenAtSource'] | null
}): Shot | null {
  const timed =
    takenAtSource === 'camera' || (takenAtSource === 'name' && !takenAt?.endsWith('T00:00:00'))
  const atMs = takenAt === null ? Number.NaN : Date.parse(`${takenAt}Z`)
  return timed && !Number.isNaN(atMs) ? { atMs, camera: camera ?? null } : null
}

const bytesPerTurn = 2 ** 22

async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += bytesPerTurn) {
    // Others wait for this thread.
    if (at > 0) await nextTurn()
    hash.update(bytes.subarray(at, at + bytesPerTurn))
  }
  return hash.digest('hex')
}
