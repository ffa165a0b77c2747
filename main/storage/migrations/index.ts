/** All migrations, oldest first. A published one is never changed: add another. */
import type { Knex } from 'knex'
import { initialTables } from './0001InitialTables.js'
import { photoDetails } from './0002PhotoDetails.js'
import { fullText } from './0003FullText.js'
import { teaching } from './0004Teaching.js'
import { fileStates } from './0005FileStates.js'
import { objects } from './0006Objects.js'
import { photoLog } from './0007PhotoLog.js'
import { searchReads } from './0008SearchReads.js'

export interface Migration {
  readonly name: string
  up(database: Knex): Promise<void>
}

export const migrations: readonly Migration[] = [
  initialTables,
  photoDetails,
  fullText,
  teaching,
  fileStates,
  objects,
  photoLog,
  searchReads,
]
