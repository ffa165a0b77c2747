/** Keeps drawn thumbnails in files named by content, within a limit. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writeFileAtomically } from '../../platform/atomicFiles.js'
import type { ThumbnailKind } from './thumbnailSizes.js'

export interface ThumbnailCache {
  /** The file of a thumbnail that is there, noted as looked at; null if it is not. */
  find(contentHash: string, kind: ThumbnailKind): Promise<string | null>
  /**
   * The contents in one of `thumbnailFolders` of which there is a thumbnail, without noting them as
   * looked at.
   */
  list(folder: string, kind: ThumbnailKind): Promise<ReadonlySet<string>>
  /** Keeps a thumbnail and returns its file. */
  save(contentHash: string, kind: ThumbnailKind, bytes: Uint8Array): Promise<string>
  sizeBytes(): Promise<number>
}

export interface ThumbnailCacheOptions {
  readonly folder: string
  readonly limitBytes: () => Promise<number>
}

/** Looking at a file is noted no more often than this; the order of days is enough. */
const touchIntervalMs = 24 * 3_600_000
/** What is left when the limit was passed, so that files are not dropped one by one. */
const keptShare = 0.9

/** The folders of a cache: files lie by the first two digits of their content's hash. */
export const thumbnailFolders: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

interface KeptFile {
  readonly path: string
  readonly sizeBytes: number
  readonly usedAtMs: number
}

export function createThumbnailCache({
  folder,
  limitBytes,
}: ThumbnailCacheOptions): ThumbnailCache {
  /** Bytes of all files; null until they have been counted. */
  let total: Promise<number> | null = null
  let dropping: Promise<void> | null = null

  const pathOf = (contentHash: string, kind: ThumbnailKind) =>
    join(folder, contentHash.slice(0, 2), `${contentHash}-${kind}.webp`)

  async function count(): Promise<number> {
    total ??= countBytes(folder)
    return total
  }

  async function dropOldest(): Promise<void> {
    const target = keptShare * (await limitBytes())
    const files = await listFiles(folder)
    let left = files.reduce((sum, file) => sum + file.sizeBytes, 0)
    for (const file of files.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
      if (left <= target) break
      await rm(file.path, { force: true })
      left -= file.sizeBytes
    }
    total = Promise.resolve(left)
  }

  return {
    async find(contentHash, kind) {
      const path = pathOf(contentHash, kind)
      const found = await stat(path).catch(() => null)
      if (!found) return null
      const now = Date.now()
      if (now - found.mtimeMs > touchIntervalMs) {
        await utimes(path, now / 1_000, now / 1_000).catch(() => {})
      }
      return path
    },

    async list(name, kind) {
      const ending = `-${kind}.webp`
      const files = await readdir(join(folder, name)).catch(() => [])
      return new Set(
        files.filter((file) => file.endsWith(ending)).map((file) => basename(file, ending)),
      )
    },

    async save(contentHash, kind, bytes) {
      const path = pathOf(contentHash, kind)
      const before = await count()
      await mkdir(join(path, '..'), { recursive: true })
      await writeFileAtomically(path, bytes)
      const after = before + bytes.length
      total = Promise.resolve(after)
      if (dropping === null && after > (await limitBytes())) {
        dropping = dropOldest().finally(() => {
          dropping = null
        })
        // What could not be dropped now is dropped with the next file.
        dropping.catch(() => {})
      }
      return path
    },

    sizeBytes: count,
  }
}

/** Nothing of a large cache is kept in memory for it. */
async function countBytes(top: string): Promise<number> {
  let bytes = 0
  for await (const paths of foldersBelow(top)) {
    for (const path of paths) bytes += (await stat(path).catch(() => null))?.size ?? 0
  }
  return bytes
}

async function listFiles(top: string): Promise<KeptFile[]> {
  const files: KeptFile[] = []
  for await (const paths of foldersBelow(top)) {
    for (const path of paths) {
      const found = await stat(path).catch(() => null)
      if (found) files.push({ path, sizeBytes: found.size, usedAtMs: found.mtimeMs })
    }
  }
  return files
}

/** Folder by folder, so that no answer is so long that it holds up the process. */
async function* foldersBelow(top: string): AsyncGenerator<string[]> {
  for (const name of await readdir(top).catch(() => [])) {
    const files = await readdir(join(top, name)).catch(() => [])
    yield files.filter((file) => file.endsWith('.webp')).map((file) => join(top, name, file))
  }
}
