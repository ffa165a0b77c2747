/** Where the library's own models lie. */
import { join } from 'node:path'
import type { Database } from '../../storage/openDatabase.js'

export function modelsFolder({ folder }: Pick<Database, 'folder'>): string {
  return join(folder, 'models')
}
