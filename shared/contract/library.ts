/** Folders and their state. */
import { z } from 'zod'
import { failedFileSchema, libraryStatusSchema } from '../domain/library.js'
import { call, handleSchema } from './base.js'

const folderEntrySchema = z.object({ name: z.string(), handle: handleSchema })

export const library = {
  status: call.output(libraryStatusSchema),

  /**
   * The folders in a folder, and its zip archives if asked for, to choose one where the host has no
   * dialog of its own.
   */
  browse: call
    .input(z.object({ folder: handleSchema.nullable(), archives: z.boolean().default(false) }))
    .output(
      z.object({
        path: z.string(),
        folder: handleSchema,
        parent: handleSchema.nullable(),
        entries: z.array(folderEntrySchema),
        archives: z.array(folderEntrySchema),
        /** Where to begin: the home folder, its pictures, disks. */
        places: z.array(folderEntrySchema),
      }),
    ),

  /** Puts folders under the library's care, then scans and indexes them in the background. */
  addFolders: call
    .input(z.object({ folders: z.array(handleSchema).min(1).max(100) }))
    .output(z.object({ roots: z.array(z.number().int()) })),

  /** Writes the sample collection beside the library and adds it like any folder. */
  addSample: call.output(z.object({ job: z.number().int() })),

  /** Forgets a folder; its photos go unless they stand elsewhere. Files are never touched. */
  removeFolder: call.input(z.object({ root: z.number().int() })).output(z.void()),

  /** Looks for changes, in one folder or all, and indexes what is new. */
  rescan: call.input(z.object({ root: z.number().int().nullable() })).output(z.void()),

  /** What could not be read, page by page. */
  failures: call
    .input(
      z.object({
        root: z.number().int().nullable(),
        reason: z.string().nullable(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ total: z.number().int(), files: z.array(failedFileSchema) })),

  /** Reads, draws and encodes again what failed. */
  retryFailed: call.input(z.object({ root: z.number().int().nullable() })).output(z.void()),
}
