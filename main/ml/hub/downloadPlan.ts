/** What a download is going to fetch, and how each file is checked. */
import { z } from 'zod'

/** Kept with the job, so that a download goes on with the very files it began with. */
export const downloadPlanSchema = z.object({
  /** The commit; null where the hub told none, as plain mirrors do. */
  revision: z.string().nullable(),
  files: z.array(
    z.object({
      path: z.string(),
      /** Null if the hub does not tell. */
      sizeBytes: z.number().int().nullable(),
      /** `git`: a git blob's sha1, which the hub tells of small files. */
      check: z.object({ kind: z.enum(['sha256', 'git']), digest: z.string() }).nullable(),
    }),
  ),
})
export type DownloadPlan = z.infer<typeof downloadPlanSchema>
export type PlannedFile = DownloadPlan['files'][number]
