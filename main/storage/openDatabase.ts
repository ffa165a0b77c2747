/** Opens a library's database for this process alone. */
import { join } from 'node:path'
import type { Knex } from 'knex'
import { guardErrors } from './guardErrors.js'
import { acquireLibraryLock } from './libraryLock.js'
import { migrate } from './migrate.js'
import { createRepositories, type Repositories } from './repositories/index.js'
import { configureSqlite, connectSqlite } from './sqlite.js'
import { toStorageError } from './storageErrors.js'
import { createUsage } from './usage.js'

/** What a person waits for is read from. */
export type Reads = Pick<
  Repositories,
  | 'captions'
  | 'embeddings'
  | 'failures'
  | 'files'
  | 'fullText'
  | 'models'
  | 'objects'
  | 'photos'
  | 'roots'
  | 'settings'
  | 'shownPhotos'
  | 'tags'
>

/** The library's tables. There is one connection, so statements run one after another. */
export interface Database extends Repositories {
  /**
   * The same tables over connections that cannot write: they see what has been committed, and wait
   * for nobody who writes.
   */
  readonly reads: Reads
  /** The library's folder. */
  readonly folder: string
  /** The database's file. */
  readonly path: string
  /**
   * Runs `work` in one transaction, which fails as a whole. Inside, use only the repositories
   * given: the outer ones wait for the connection, which the transaction holds.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** Closes the database after what is under way, and lets other processes in. */
  dispose(): Promise<void>
}

/**
 * Opens the library in `folder`, making and migrating it as needed. Jobs that a dead process was
 * running are queued again.
 *
 * @throws LIBRARY_LOCKED while another process has it open; LIBRARY_CORRUPT if it is damaged or
 *   newer than this app; DISK_FULL; FILE_UNREADABLE.
 */
export async function openDatabase(folder: string): Promise<Database> {
  const lock = await acquireLibraryLock(folder)
  const path = join(folder, 'library.sqlite')
  const connection = connectSqlite(path)
  const reading = connectSqlite(path, { readOnly: true })
  const dispose = async () => {
    await reading.destroy()
    await connection.destroy()
    await lock.dispose()
  }
  try {
    await configureSqlite(connection)
    await migrate(connection, path)
    // The lock is ours, so whoever was running these is dead.
    await createRepositories(connection).jobs.requeueRunning()
  } catch (error) {
    await dispose()
    throw toStorageError(error, path)
  }
  return createDatabase(folder, path, { connection, reading, dispose })
}

interface Connections {
  readonly connection: Knex
  readonly reading: Knex
  readonly dispose: () => Promise<void>
}

function createDatabase(
  folder: string,
  path: string,
  { connection, reading, dispose }: Connections,
): Database {
  const usage = createUsage()
  return {
    ...guardErrors(createRepositories(connection), path, usage),
    reads: guardErrors(createRepositories(reading), path, usage),
    folder,
    path,
    async transaction(work) {
      try {
        return await usage.during(() =>
          connection.transaction((transaction) =>
            work(guardErrors(createRepositories(transaction), path)),
          ),
        )
      } catch (error) {
        throw toStorageError(error, path)
      }
    },
    async dispose() {
      await usage.close()
      await dispose()
    },
  }
}
