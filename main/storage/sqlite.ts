/** The library's connections to SQLite, and their settings. */
import type { Knex } from 'knex'
import knex from 'knex'
import type sqlite3 from 'sqlite3'

/** How long a statement waits for a lock that another connection holds. */
const busyTimeoutMs = 5_000

const nothing = () => {}
/** Knex would print to standard output what it also throws, into the midst of a command's JSON. */
const silent = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing }

/** What a search looks up at the same time: words, and things that were found. */
const readers = 2

/** A Knex over the file at `path`: one connection, as there is one writer, or some that only read. */
export function connectSqlite(path: string, { readOnly = false } = {}): Knex {
  return knex({
    client: 'sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
    log: silent,
    pool: {
      min: 1,
      max: readOnly ? readers : 1,
      acquireTimeoutMillis: 60_000,
      ...(readOnly ? { afterCreate: forbidWriting } : {}),
    },
  })
}

/** Knex's flags for opening can only be added to those for writing. */
function forbidWriting(connection: sqlite3.Database, done: (error: Error | null) => void): void {
  connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA query_only = on`, done)
}

/**
 * Makes the connection crash-safe and quick. With WAL, `synchronous = normal` keeps the database
 * whole after a crash of the process or the power; only the power takes the last commits.
 */
export async function configureSqlite(connection: Knex): Promise<void> {
  await connection.raw(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  await connection.raw('PRAGMA journal_mode = wal')
  await connection.raw('PRAGMA synchronous = normal')
  await connection.raw('PRAGMA cache_size = -32768')
  await connection.raw('PRAGMA temp_store = memory')
}

/** Foreign keys on or off; SQLite ignores this inside a transaction. */
export async function setForeignKeys(connection: Knex, on: boolean): Promise<void> {
  await connection.raw(`PRAGMA foreign_keys = ${on ? 'on' : 'off'}`)
}

/** The names of tables that hold rows whose foreign key points nowhere. */
export async function tablesWithBrokenKeys(connection: Knex): Promise<string[]> {
  const rows = (await connection.raw('PRAGMA foreign_key_check')) as { table: string }[]
  return [...new Set(rows.map((row) => row.table))]
}
