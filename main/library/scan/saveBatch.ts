/** Writes what a scan has read into the library, all or none of a batch. */
import type { Database } from '../../storage/openDatabase.js'
import type { NewPhotoFile } from '../../storage/repositories/files.js'
import type { Repositories } from '../../storage/repositories/index.js'
import type { NewPhoto } from '../../storage/repositories/photos.js'
import type { FailedFile, FoundFile, HashedFile } from './readPicture.js'
import type { SortedBatch } from './sortBatch.js'

/** Which scan of which root a batch belongs to. */
export interface ScanStamp {
  readonly rootId: number
  readonly scanId: number
}

/** Adds read files, with the photos among them that are new, and failed ones. */
export async function saveRead(
  database: Database,
  stamp: ScanStamp,
  read: readonly HashedFile[],
  newPhotos: readonly NewPhoto[],
): Promise<void> {
  await database.transaction(async (repositories) => {
    const { photos, files, encodingQueue } = repositories
    await photos.addMany(newPhotos)
    const hashed = read.filter((one) => one.kind === 'hashed')
    const ids = await photos.idsByHash(hashed.map((one) => one.contentHash))
    const rows = hashed.map(({ file, contentHash }) =>
      fileRow(stamp, file, ids.get(contentHash) ?? null),
    )
    const failed = read.filter((one) => one.kind === 'failed')
    await files.saveMany([...rows, ...failed.map((one) => failedRow(stamp, one))])
    // A photo with a new or changed file may have failed for a reason that is gone now.
    await encodingQueue.forgetFailures([...ids.values()])
  })
}

/** Marks files that need no reading as seen. */
export async function saveUnchanged(
  database: Database,
  { scanId }: ScanStamp,
  { unchanged, touched }: SortedBatch,
): Promise<void> {
  await database.transaction(async (repositories) => {
    const seen = [...unchanged, ...touched.map(({ file }) => file)]
    await repositories.files.markSeen(
      seen.map((file) => file.id),
      scanId,
    )
    await saveTouched(repositories, touched, scanId)
  })
}

async function saveTouched(
  { files, encodingQueue }: Repositories,
  touched: SortedBatch['touched'],
  seenScan: number,
): Promise<void> {
  const rows = touched.map(({ file: { id: _, ...file }, ctimeMs }) => {
    const state = file.state === 'missing' ? 'present' : file.state
    return { ...file, ctimeMs, state, seenScan }
  })
  await files.saveMany(rows)
  await encodingQueue.forgetFailures(touched.flatMap(({ file }) => file.photoId ?? []))
}

function fileRow(
  { rootId, scanId }: ScanStamp,
  { relativePath, sizeBytes, mtimeMs, ctimeMs }: FoundFile,
  photoId: number | null,
): NewPhotoFile {
  const found = { rootId, relativePath, sizeBytes, mtimeMs, ctimeMs, seenScan: scanId }
  return { ...found, photoId, state: 'present', errorCode: null, errorReason: null }
}

function failedRow(stamp: ScanStamp, { file, code, reason }: FailedFile): NewPhotoFile {
  return { ...fileRow(stamp, file, null), state: 'failed', errorCode: code, errorReason: reason }
}
