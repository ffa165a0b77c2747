/** The name of a library in addresses of its pictures: another library's photos have the same ids. */
import { randomBytes } from 'node:crypto'
import type { Database } from '../storage/openDatabase.js'

/** Each of a window's tiles asks for it, and it never changes. */
const known = new WeakMap<Database, string>()

/** Made when it is first asked for. */
export async function libraryUid(database: Database): Promise<string> {
  const uid = known.get(database) ?? (await readUid(database))
  known.set(database, uid)
  return uid
}

async function readUid(database: Database): Promise<string> {
  const kept = await database.settings.get('uid')
  if (kept !== null) return kept
  const uid = randomBytes(9).toString('base64url')
  await database.settings.set('uid', uid)
  return uid
}
