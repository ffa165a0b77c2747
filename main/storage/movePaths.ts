/** Brings absolute paths up to date after the folder that they stand in has moved. */
import { sep } from 'node:path'
import type { Knex } from 'knex'

export async function movePaths(
  connection: Knex,
  table: 'roots' | 'models',
  from: string,
  to: string,
): Promise<void> {
  const prefix = from.endsWith(sep) ? from : `${from}${sep}`
  const moved = to.endsWith(sep) ? to : `${to}${sep}`
  // SQLite counts characters, not UTF-16 units.
  const length = [...prefix].length
  await connection(table)
    .whereRaw('substr(??, 1, ?) = ?', ['path', length, prefix])
    .update({ path: connection.raw('? || substr(??, ?)', [moved, 'path', length + 1]) })
}
