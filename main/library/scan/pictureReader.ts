/**
 * Reads files in a thread of their own: hashing them, and megabytes that are garbage at once, would
 * hold up whoever looks meanwhile.
 */
import { resolveEntry } from '../../platform/entries.js'
import { untilAborted } from '../../platform/untilAborted.js'
import { startWorker, type WorkerThread } from '../../platform/workerCalls.js'
import type { PictureDescription } from './describePicture.js'
import type { FoundFile, HashedFile } from './readPicture.js'

/** What the thread serves. */
export type ReadCalls = {
  extensions(argument: null): ReadonlySet<string>
  read(file: FoundFile): Promise<HashedFile>
  describe(file: FoundFile): Promise<PictureDescription>
}

/** The thread starts with the first call. Calls reject with their signal's reason. */
export interface PictureReader {
  /** `supportedExtensions`; loading the decoder for them takes a moment, too. */
  extensions(signal: AbortSignal): Promise<ReadonlySet<string>>
  /** `readPicture`. */
  read(file: FoundFile, signal: AbortSignal): Promise<HashedFile>
  /** `describePicture`. */
  describe(file: FoundFile, signal: AbortSignal): Promise<PictureDescription>
  dispose(): Promise<void>
}

/** The same as long as the process lives. */
let extensions: ReadonlySet<string> | null = null

export function createPictureReader(): PictureReader {
  const entry = resolveEntry(import.meta.url, './readWorker.js')
  let thread: WorkerThread<ReadCalls> | null = null
  const call: WorkerThread<ReadCalls>['call'] = (...what) => {
    thread ??= startWorker<ReadCalls>('file reading', entry)
    return thread.call(...what)
  }
  return {
    async extensions(signal) {
      extensions ??= await untilAborted(call('extensions', null), signal)
      return extensions
    },
    read: (file, signal) => untilAborted(call('read', file), signal),
    describe: (file, signal) => untilAborted(call('describe', file), signal),
    dispose: async () => thread?.dispose(),
  }
}
