/** Brings what the library knows of one root up to date with its folder. */
import { isAppError } from '../../../shared/errors.js'
import type { Clock } from '../../platform/clock.js'
import { mapBounded } from '../../platform/mapBounded.js'
import { fromPortablePath } from '../../platform/paths.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Root } from '../../storage/repositories/roots.js'
import { reachRoot } from '../roots/reachRoot.js'
import { type WalkEntry, walkPictures } from '../walk/walkPictures.js'
import { describePhotos } from './describePhotos.js'
import { createPictureReader, type PictureReader } from './pictureReader.js'
import { type FailedFile, type FoundFile, failureOf } from './readPicture.js'
import { type ScanStamp, saveRead, saveUnchanged } from './saveBatch.js'
import { saveCaptionFiles } from './saveCaptionFiles.js'
import { sortBatch } from './sortBatch.js'

/** Paths looked up at once, and what is read before it is written: seconds of work at most. */
const pathsPerBatch = 256
const filesPerWrite = 64
const bytesPerWrite = 128 * 1024 ** 2
const hashesAtOnce = 4

interface ScanCounts {
  found: number
  /** New or changed, and read. */
  read: number
  failed: number
  /** Vanished since the last scan. */
  missing: number
}

export type ScanOutcome = { state: 'offline' } | ({ state: 'online' } & ScanCounts)

export interface ScanContext {
  database: Database
  root: Root
  clock: Clock
  signal: AbortSignal
  onProgress: (counts: Readonly<ScanCounts>) => void
  /** Told in a sentence what went wrong where the scan goes on. */
  onNotice?: ((message: string) => void) | undefined
  /** Waits for searches that are under way, which want the processor for themselves. */
  makeWay?: (() => Promise<void>) | undefined
}

interface Scan extends ScanContext {
  stamp: ScanStamp
  counts: ScanCounts
  reader: PictureReader
}

/**
 * Scans one root. What is read is kept batch by batch, so a scan that dies is simply begun again
 * and reads nothing twice. A root that cannot be reached becomes offline and keeps all its photos.
 */
export async function scanRoot(context: ScanContext): Promise<ScanOutcome> {
  const { database, root, clock } = context
  const heldFiles = await database.files.any(root.id)
  const before = await reachRoot(root.path, heldFiles)
  if (!before) return goOffline(context)
  // Its photos can be opened again from now on, also if this scan does not come to its end.
  await database.roots.setState(root.id, 'online')
  if (root.state === 'offline') await database.encodingQueue.forgetFailuresOfRoot(root.id)
  const stamp = { rootId: root.id, scanId: await database.roots.beginScan(root.id) }
  const counts: ScanCounts = { found: 0, read: 0, failed: 0, missing: 0 }
  const reader = createPictureReader()
  const scan: Scan = { ...context, stamp, counts, reader }
  try {
    await scanFolders(scan)
  } catch (error) {
    context.signal.throwIfAborted()
    if (await reachRoot(root.path, heldFiles)) throw error
    return goOffline(context)
  } finally {
    await reader.dispose()
  }
  const after = await reachRoot(root.path, heldFiles)
  // A disk that was unplugged meanwhile leaves an empty folder, or none: nothing has vanished.
  if (!after || after.dev !== before.dev || after.ino !== before.ino) return goOffline(context)
  counts.missing = await settleVanished(database, stamp)
  await readCaptionFiles(scan)
  await database.roots.endScan(root.id, clock.now())
  return { state: 'online', ...counts }
}

/** A caption file that is wrong costs its captions, not the scan. */
async function readCaptionFiles({ database, root, signal, onNotice }: Scan): Promise<void> {
  try {
    await saveCaptionFiles(database, root, signal)
  } catch (error) {
    const isFiles =
      isAppError(error, 'CAPTION_FILE_INVALID') || isAppError(error, 'FILE_UNREADABLE')
    if (!isFiles) throw error
    onNotice?.(error.message)
  }
}

async function goOffline({ database, root }: ScanContext): Promise<ScanOutcome> {
  await database.roots.setState(root.id, 'offline')
  return { state: 'offline' }
}

async function scanFolders(scan: Scan): Promise<void> {
  const { root, reader, signal } = scan
  const extensions = await reader.extensions(signal)
  let batch: WalkEntry[] = []
  for await (const entry of walkPictures(root.path, extensions, signal)) {
    batch.push(entry)
    if (batch.length < pathsPerBatch) continue
    await scanBatch(scan, batch)
    batch = []
  }
  await scanBatch(scan, batch)
}

async function scanBatch(scan: Scan, batch: readonly WalkEntry[]): Promise<void> {
  const { database, root, stamp, counts, signal } = scan
  const paths = batch.filter((entry) => entry.kind === 'picture').map((one) => one.relativePath)
  const sorted = await sortBatch(database, root, paths)
  await saveUnchanged(database, stamp, sorted)
  const failed = [...sorted.failed, ...(await settleUnusual(scan, batch))]
  await saveRead(database, stamp, failed, [])
  counts.found += paths.length
  counts.failed += failed.length
  scan.onProgress(counts)
  for (const files of writeSizedParts(sorted.toRead)) {
    signal.throwIfAborted()
    await readAndSave(scan, files)
    scan.onProgress(counts)
  }
}

async function readAndSave(scan: Scan, files: readonly FoundFile[]): Promise<void> {
  const { database, stamp, counts, clock, signal, makeWay, reader } = scan
  const read = await mapBounded(files, hashesAtOnce, async (file) => {
    await makeWay?.()
    return reader.read(file, signal)
  })
  const context = { database, reader, nowMs: clock.now(), signal }
  const described = await describePhotos(context, read)
  await saveRead(database, stamp, read, described)
  counts.read += read.filter((one) => one.kind === 'hashed').length
  counts.failed += read.filter((one) => one.kind === 'failed').length
}

/** Entries that are no pictures to read: names that are no text, folders that cannot be read. */
async function settleUnusual(
  { database, root, stamp }: Scan,
  batch: readonly WalkEntry[],
): Promise<FailedFile[]> {
  const failed: FailedFile[] = []
  for (const entry of batch) {
    if (entry.kind === 'picture') continue
    const path = fromPortablePath(root.path, entry.relativePath)
    const file = { relativePath: entry.relativePath, path, sizeBytes: -1, mtimeMs: 0, ctimeMs: 0 }
    if (entry.kind === 'unnameable') {
      const reason = 'its name is not valid UTF-8; rename it'
      failed.push({ kind: 'failed', file, code: 'FILE_UNREADABLE', reason })
    } else {
      await database.files.markFolderSeen(root.id, entry.relativePath, stamp.scanId)
      failed.push({ kind: 'failed', file, ...failureOf(entry.error, path) })
    }
  }
  return failed
}

/** Parts of which none holds much more than a few seconds of reading. */
function* writeSizedParts(files: readonly FoundFile[]): Generator<FoundFile[]> {
  let part: FoundFile[] = []
  let sizeBytes = 0
  for (const file of files) {
    part.push(file)
    sizeBytes += file.sizeBytes
    if (part.length < filesPerWrite && sizeBytes < bytesPerWrite) continue
    yield part
    part = []
    sizeBytes = 0
  }
  if (part.length > 0) yield part
}

/** Marks what the scan has not seen as missing, except what has only moved. */
async function settleVanished(database: Database, { rootId, scanId }: ScanStamp): Promise<number> {
  return database.transaction(async ({ files, photos }) => {
    const vanished = await files.markUnseenMissing(rootId, scanId)
    const moved = await files.deleteMoved(rootId)
    await photos.deleteUnused()
    return Math.max(0, vanished - moved)
  })
}
