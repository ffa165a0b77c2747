/** Settings of the library: a table of what there is, each with its schema and default. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { modelMeasureSchema } from '../../../shared/domain/library.js'
import { searchPrecisionSchema } from '../../../shared/domain/precision.js'

import { settingsSchema } from '../../../shared/domain/settings.js'

const settingSchemas = {
  /** `models.id` of the model that search and index use. */
  activeModelId: z.number().int().nullable().default(null),
  /** Names the library in addresses; made when it is first asked for. */
  uid: z.string().nullable().default(null),
  /** What the person has set; the rest is as it comes. */
  preferences: settingsSchema.partial().default({}),
  /** What earlier downloads from the hub brought, by source; later ones are held to it. */
  hubRecords: z
    .record(
      z.string(),
      z.object({
        revision: z.string().nullable(),
        files: z.record(z.string(), z.object({ sizeBytes: z.number(), sha256: z.string() })),
      }),
    )
    .default({}),
  /** What was measured of models, by their uid. */
  modelMeasures: z.record(z.string(), modelMeasureSchema).default({}),
  /** How fast this machine multiplies matrices, in GFLOP/s; null until it was measured. */
  machineGflops: z.number().nullable().default(null),
  /**
   * What was found of 8-bit weights, by the uid of the model in full precision, and the model that was
   * made with them.
   */
  precisions: z
    .record(
      z.string(),
      z.object({ search: searchPrecisionSchema.nullable(), variant: z.string().nullable() }),
    )
    .default({}),
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
