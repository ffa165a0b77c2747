/** What a person can set. */
import { z } from 'zod'

export const settingsSchema = z.object({
  theme: z.enum(['light', 'dark', 'system']),
  device: z.enum(['cpu', 'webgpu', 'auto']),
  /** Threads for the encoders; 0 for as many as suit the machine. */
  threads: z.number().int().min(0).max(256),
  /** Thumbnails beyond it are dropped, those not seen for longest first. */
  thumbnailLimitBytes: z.number().int().min(50_000_000),
  /** Whether folders are watched for new files. */
  watchFolders: z.boolean(),
  /** Whether things are looked for in photos, by models that can. */
  findObjects: z.boolean(),
  /** Where models are downloaded from; empty for the usual hub. */
  hubAddress: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Through which proxy; empty for the one that the environment names, if any. */
  proxyAddress: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
})
export type Settings = z.infer<typeof settingsSchema>

export const placesSchema = z.object({
  libraryFolder: z.string(),
  thumbnailFolder: z.string(),
  thumbnailBytes: z.number(),
})

/** As they come. */
export const defaultSettings: Settings = {
  theme: 'system',
  device: 'cpu',
  threads: 0,
  thumbnailLimitBytes: 5_000_000_000,
  watchFolders: true,
  findObjects: true,
  hubAddress: '',
  proxyAddress: '',
}
