/** Brings a library's tables to the newest form, or refuses a library that is newer than this app. */
import type { Knex } from 'knex'
import { AppError } from '../../shared/errors.js'
import { type Migration, migrations } from './migrations/index.js'
import { setForeignKeys, tablesWithBrokenKeys } from './sqlite.js'

const tableName = 'schema_migrations'

/**
 * Runs the migrations that `path` lacks, each in its own transaction.
 *
 * Foreign keys are off meanwhile, because a rebuilt table would cascade deletes; each migration is
 * checked for dangling keys before it commits.
 */
export async function migrate(
  connection: Knex,
  path: string,
  known: readonly Migration[] = migrations,
): Promise<void> {
  const done = await refuseNewer(connection, path, known)
  try {
    if (done < known.length) await runMissing(connection, known)
  } finally {
    await setForeignKeys(connection, true)
  }
}

async function runMissing(connection: Knex, known: readonly Migration[]): Promise<void> {
  await setForeignKeys(connection, false)
  const config = { tableName, migrationSource: migrationSource(known) }
  // Only one process is here (see [Note: the library's lock]): a lock left over is a crash's.
  await connection.migrate.forceFreeMigrationsLock(config)
  await connection.migrate.latest(config)
}

/** @returns how many have been run */
async function refuseNewer(
  connection: Knex,
  path: string,
  known: readonly Migration[],
): Promise<number> {
  if (!(await connection.schema.hasTable(tableName))) return 0
  const rows = await connection(tableName).select<{ name: string }[]>('name')
  const unknown = rows.find((row) => !known.some((migration) => migration.name === row.name))
  if (!unknown) return rows.length
  throw new AppError('LIBRARY_CORRUPT', {
    path,
    reason: `it was made by a newer version of Semblance (${unknown.name}); update this one`,
  })
}

function migrationSource(known: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: async () => [...known],
    getMigrationName: (migration) => migration.name,
    getMigration: async (migration) => ({
      async up(transaction) {
        await migration.up(transaction)
        const broken = await tablesWithBrokenKeys(transaction)
        if (broken.length > 0) {
          throw new Error(`${migration.name} left dangling keys in ${broken.join(', ')}`)
        }
      },
      // Knex asks for one; an older version refuses a newer library instead (see refuseNewer).
      async down() {
        throw new Error('a migration is never undone')
      },
    }),
  }
}
