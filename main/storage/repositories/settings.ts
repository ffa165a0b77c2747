/** Settings of the library: a table of what there is, each with its schema and default. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { settingsSchema } from '../../../shared/domain/settings.js'

const settingSchemas = {
  /** `models.id` of the model that search and index use. */
  activeModelId: z.number().int().nullable().default(null),
  /** Names the library in addresses; made when it is first asked for. */
  uid: z.string().nullable().default(null),
  /** What the person has set; the rest is as it comes. */
  preferences: settingsSchema.partial().default({}),
  /** Where the thumbnails lie, if not beside the library. */
  thumbnailFolder: z.string().nullable().default(null),
  /** Where thumbnails may be left that have moved; deleted at the next start. */
  thumbnailsLeft: z.string().nullable().default(null),
}
type Settings = { [K in keyof typeof settingSchemas]: z.infer<(typeof settingSchemas)[K]> }

export function createSettingRepository(connection: Knex) {
  return {
    async get<K extends keyof Settings>(key: K): Promise<Settings[K]> {
      const row = await connection('settings').where({ key }).first<{ value: string }>('value')
      const value: unknown = row === undefined ? undefined : JSON.parse(row.value)
      return settingSchemas[key].parse(value) as Settings[K]
    },

    async set<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
      const row = { key, value: JSON.stringify(value) }
      await connection('settings').insert(row).onConflict('key').merge()
    },
  }
}
