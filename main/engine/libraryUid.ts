/** The name of a library in addresses of its pictures: another library's photos have the same ids. */
import { randomBytes } from 'node:crypto'
import type { Database } from '../storage/openDatabase.js'

/** Made when it is first asked for. */
export async function libraryUid(database: Database): Promise<string> {
  const known = await database.settings.get('uid')
  if (known !== null) return known
  const uid = randomBytes(9).toString('base64url')
  await database.settings.set('uid', uid)
  return uid
}
