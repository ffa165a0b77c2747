/** What the desktop's main process asks of the engine's process, beside the contract of the window. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call, handleSchema } from '../../../shared/contract/base.js'
import { photoIdSchema } from '../../../shared/domain/photo.js'
import { settingsSchema } from '../../../shared/domain/settings.js'

const servedFileSchema = z.object({ path: z.string(), contentType: z.string(), etag: z.string() })
const photosSchema = z.array(photoIdSchema).min(1).max(1_000)

export const control = {
  /** Opens the library and goes on with its jobs. */
  start: call.output(z.void()),
  findImage: call
    .input(
      z.object({
        library: z.string(),
        photo: z.number(),
        variant: z.enum(['tile', 'preview', 'original']),
      }),
    )
    .output(servedFileSchema),
  tilesAtHand: call
    .input(z.object({ library: z.string(), photos: z.array(z.number()) }))
    .output(z.array(z.string().nullable())),
  findPicture: call.input(z.string()).output(servedFileSchema),
  addPicture: call.input(z.instanceof(Blob)).output(z.object({ picture: z.string() })),
  /** Handles of what the person chose or dropped. */
  grant: call.input(z.array(z.string().min(1)).max(10_000)).output(z.array(handleSchema)),
  /** One file of each photo that can be reached now. */
  filesOf: call.input(photosSchema).output(z.array(z.string())),
  /** A small picture of a photo to drag along, as PNG in a data address; null if it has none. */
  dragIcon: call.input(photoIdSchema).output(z.string().nullable()),
  /** The theme that is set, and each one set later. */
  themes: call.output(eventIterator(settingsSchema.shape.theme)),
  /** Saves jobs and closes the library; the process may be ended afterwards. */
  dispose: call.output(z.void()),
}
