/** Keeps the vectors searched last open, so that only the first search of a session loads them. */
import { openModelVectors } from '../search/openModelVectors.js'
import type { VectorStore } from '../search/vectorStore.js'
import type { Model } from '../storage/repositories/models.js'
import type { LibraryOpener } from './openLibrary.js'

/** New vectors that are added before a search is answered; a thousand take about a second. */
const catchUpLimit = 1_000

export interface VectorCache {
  /** Gives `work` the model's vectors as the library holds them now. */
  use<T>(row: Model, work: (vectors: VectorStore) => Promise<T>): Promise<T>
  /** Closes the vectors, which load again when they are needed; what is being loaded is given up. */
  release(): Promise<void>
}

export interface VectorCacheDependencies {
  readonly library: LibraryOpener
  readonly onNotice: (message: string) => void
}

/** Open vectors, which are closed when they are out of date and nobody uses them any more. */
interface Opened {
  /** Model and version of its embeddings. */
  readonly stamp: string
  readonly store: Promise<VectorStore>
  users: number
}

export function createVectorCache({ library, onNotice }: VectorCacheDependencies): VectorCache {
  let closing = new AbortController()
  let latest: Opened | null = null

  function remember(stamp: string, store: Promise<VectorStore>): Opened {
    const opened = { stamp, store, users: 0 }
    latest = opened
    // A failure is not kept.
    store.catch(() => {
      if (latest === opened) latest = null
    })
    return opened
  }

  return {
    async use(row, work) {
      const { database, vectorFolder } = await library.open()
      const stamp = `${row.uid} ${await database.embeddings.version(row.id)}`
      const { signal } = closing
      signal.throwIfAborted()
      const before = latest
      const opened =
        before?.stamp === stamp
          ? before
          : remember(
              stamp,
              openModelVectors({ database, row, vectorFolder, onNotice, catchUpLimit, signal }),
            )
      opened.users++
      try {
        if (before !== null && before !== opened && before.users === 0) await close(before)
        return await work(await opened.store)
      } finally {
        opened.users--
        if (opened !== latest && opened.users === 0) await close(opened)
      }
    },

    async release() {
      closing.abort()
      closing = new AbortController()
      const before = latest
      if (before === null) return
      await close(before)
      if (latest === before) latest = null
    },
  }
}

async function close({ store }: Opened): Promise<void> {
  await (await store.catch(() => null))?.dispose()
}
