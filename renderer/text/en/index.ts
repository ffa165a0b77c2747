/** The English catalogue: one file for each part of the window. */
import { app } from './app.js'
import { jobs } from './jobs.js'
import { library } from './library.js'
import { models } from './models.js'
import { palette } from './palette.js'
import { photo } from './photo.js'
import { search } from './search.js'
import { selection } from './selection.js'
import { settings } from './settings.js'
import { sources } from './sources.js'
import { teach } from './teach.js'
import { welcome } from './welcome.js'

export const en = {
  app,
  jobs,
  library,
  models,
  palette,
  photo,
  search,
  selection,
  settings,
  sources,
  teach,
  welcome,
}
