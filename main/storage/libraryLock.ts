/** Keeps a second process out of a library. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import sqlite3 from 'sqlite3'
import { AppError } from '../../shared/errors.js'
import { toFileError } from '../platform/fileErrors.js'
import { toStorageError } from './storageErrors.js'

/*
 * [Note: the library's lock]
 * A file with a process id alone cannot be taken over safely: ids are used again, and two processes
 * that both find it stale can both take it. So the lock itself is one that the operating system
 * holds and drops when its process dies, however it dies: an exclusive transaction on an empty
 * SQLite file. The text file beside it only tells whom to close.
 */

export interface LibraryLock {
  dispose(): Promise<void>
}

/** Takes the lock of the library in `folder`, which is made if need be; LIBRARY_LOCKED if held. */
export async function acquireLibraryLock(folder: string): Promise<LibraryLock> {
  const pidFile = join(folder, 'library.pid')
  const lockFile = join(folder, 'library.lock')
  try {
    await mkdir(folder, { recursive: true })
    const connection = await openExclusively(lockFile)
    if (!connection)
      throw new AppError('LIBRARY_LOCKED', { path: folder, pid: await owner(pidFile) })
    await writeFile(pidFile, `${process.pid}\n`).catch(async (error: unknown) => {
      await close(connection)
      throw error
    })
    return {
      async dispose() {
        await rm(pidFile, { force: true })
        await close(connection)
      },
    }
  } catch (error) {
    throw toFileError(toStorageError(error, lockFile), folder)
  }
}

/** A connection that holds the file's exclusive lock, or null while another process holds it. */
async function openExclusively(path: string): Promise<sqlite3.Database | null> {
  const connection = await open(path)
  try {
    await execute(connection, 'BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    await close(connection)
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return null
    throw error
  }
}

/** The process id that the lock's owner wrote; it writes it a moment after taking the lock. */
async function owner(pidFile: string): Promise<number> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
    if (isAlive(pid)) return pid
    await delay(50)
  }
  return 0
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function open(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(path, (error) =>
      error ? reject(error) : resolve(connection),
    )
  })
}

function execute(connection: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => (error ? reject(error) : resolve()))
  })
}

function close(connection: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.close((error) => (error ? reject(error) : resolve()))
  })
}
