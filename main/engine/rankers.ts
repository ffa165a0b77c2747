/** Keeps the threads that rank photos, one for each model in use. */
import type { ModelDirectory } from '../ml/clip/modelDirectory.js'
import { phraseVectors } from '../search/ranking/phraseFile.js'
import {
  type RankThread,
  type RankThreadOptions,
  startRankThread,
} from '../search/ranking/rankThread.js'
import { vectorFilePath } from '../search/vectors/vectorFile.js'
import type { EncoderCache } from './encoderCache.js'
import type { KnownModel } from './modelRegistry.js'
import type { LibraryOpener } from './openLibrary.js'

export interface Rankers {
  /** Gives `work` the model's thread, which holds all that the library has now. */
  use<T>(model: KnownModel, work: (thread: RankThread, size: number) => Promise<T>): Promise<T>
  /** Ends all threads, when nobody uses them any more; they start again when needed. */
  release(): Promise<void>
}

export interface RankersDependencies {
  readonly library: LibraryOpener
  readonly encoders: EncoderCache
}

/** The active model, and one that it is compared with; each holds its vectors in memory. */
const keptThreads = 2

interface Kept {
  readonly thread: RankThread
  /** Resolves once the thread has what it needs besides vectors. */
  readonly ready: Promise<void>
  readonly users: Set<Promise<unknown>>
}

export function createRankers({ library, encoders }: RankersDependencies): Rankers {
  /** By database and model, the one used longest ago first. */
  const kept = new Map<string, Kept>()

  /** The model's thread, and the version of the embeddings that it has to follow. */
  async function find({ row, directory }: KnownModel): Promise<Kept & { version: string }> {
    const { database, vectorFolder } = await library.open()
    const version = await database.reads.embeddings.version(row.id)
    const key = `${database.path} ${row.uid}`
    const known = kept.get(key)
    const { id: rowId, uid: modelId, dim } = row
    const path = vectorFilePath(vectorFolder, modelId)
    const options = { databasePath: database.path, rowId, modelId, dim, path, version }
    const found = known ?? startThread(options, directory, vectorFolder)
    kept.delete(key)
    kept.set(key, found)
    // A failure is not kept.
    if (known === undefined) found.ready.catch(() => drop(key))
    const [oldest] = kept.keys()
    if (kept.size > keptThreads && oldest !== undefined) void drop(oldest)
    return { ...found, version }
  }

  function startThread(
    options: RankThreadOptions,
    directory: ModelDirectory,
    vectorFolder: string,
  ): Kept {
    const thread = startRankThread(options)
    const ready = phraseVectors(vectorFolder, options, async (phrases) =>
      (await encoders.text(directory)).encode(phrases),
    ).then((phrases) => thread.usePhrases(phrases))
    return { thread, ready, users: new Set() }
  }

  async function drop(key: string): Promise<void> {
    const dropped = kept.get(key)
    kept.delete(key)
    if (dropped === undefined) return
    await Promise.allSettled(dropped.users)
    await dropped.thread.dispose()
  }

  return {
    async use(model, work) {
      const { thread, ready, users, version } = await find(model)
      const using = Promise.all([thread.follow(version), ready]).then(([size]) =>
        work(thread, size),
      )
      users.add(using)
      try {
        return await using
      } finally {
        users.delete(using)
      }
    },

    async release() {
      await Promise.all([...kept.keys()].map(drop))
    },
  }
}
