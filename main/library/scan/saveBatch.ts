/** Writes what a scan has read into the library, all or none of a batch. */
import type { Database } from '../../storage/openDatabase.js'
import type { NewPhotoFile } from '../../storage/repositories/files.js'
import type { Repositories } from '../../storage/repositories/index.js'
import type { DescribedPhoto } from './describePhotos.js'
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
  described: readonly DescribedPhoto[],
): Promise<void> {
  await database.transaction(async (repositories) => {
    const { photos, files, encodingQueue } = repositories
    const added = await photos.addMany(described.map(({ photo }) => photo))
    await saveWords(repositories, described, added)
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

/** Keeps what new photos' own files say of them, and the text files beside them. */
async function saveWords(
  { captions, tags }: Repositories,
  described: readonly DescribedPhoto[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = (source: string, textsOf: (one: DescribedPhoto) => readonly string[]) =>
    described.flatMap((one) =>
      textsOf(one).map((text) => ({ photoId: ids.get(one.photo.contentHash)!, text, source })),
    )
  await captions.addMany(rows('metadata', (one) => one.embedded.captions))
  await captions.addMany(rows('text file', (one) => one.beside))
  await tags.addMany(rows('metadata', (one) => one.embedded.tags))
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
