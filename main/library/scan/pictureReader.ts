/** Reads files in a thread of their own, as hashing would hold up whoever looks meanwhile. */
import { resolveEntry } from '../../platform/entries.js'
import { untilAborted } from '../../platform/untilAborted.js'
import { startWorker, type WorkerThread } from '../../platform/workerCalls.js'
import type { FoundFile, HashedFile } from './readPicture.js'

/** What the thread serves. */
export type ReadCalls = { read: (file: FoundFile) => Promise<HashedFile> }

export interface PictureReader {
  /** `readPicture` in the thread, which starts with the first file. Rejects with the signal's reason. */
  read(file: FoundFile, signal: AbortSignal): Promise<HashedFile>
  dispose(): Promise<void>
}

export function createPictureReader(): PictureReader {
  const entry = resolveEntry(import.meta.url, './readWorker.js')
  let thread: WorkerThread<ReadCalls> | null = null
  return {
    read(file, signal) {
      thread ??= startWorker<ReadCalls>('file reading', entry)
      return untilAborted(thread.call('read', file), signal)
    },
    dispose: async () => thread?.dispose(),
  }
}
