/** What a person can set, and where things lie. */
import { z } from 'zod'
import { placesSchema, settingsSchema } from '../domain/settings.js'
import { call, handleSchema } from './base.js'

export const settings = {
  get: call.output(settingsSchema),
  set: call.input(settingsSchema.partial()).output(settingsSchema),
  places: call.output(placesSchema),
  /** Moves the library to another folder, which must be empty; searches wait meanwhile. */
  moveLibrary: call.input(z.object({ folder: handleSchema })).output(placesSchema),
  /** Puts the thumbnails elsewhere; null brings them back beside the library. */
  moveThumbnails: call.input(z.object({ folder: handleSchema.nullable() })).output(placesSchema),
  clearThumbnails: call.output(placesSchema),
}
