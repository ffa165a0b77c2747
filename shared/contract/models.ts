/** The models there are, and which is in use. */
import { z } from 'zod'
import { catalogueItemSchema } from '../domain/catalogue.js'
import {
  listedModelSchema,
  modelFactsSchema,
  modelSpaceSchema,
  modelStatusSchema,
} from '../domain/library.js'
import { searchPrecisionSchema } from '../domain/precision.js'

import { retrievalReportSchema } from '../domain/training.js'
import { call, handleSchema } from './base.js'

const one = z.object({ id: z.string() })

export const models = {
  list: call.output(z.array(listedModelSchema)),

  /** Models that can be downloaded; nothing is asked of the network for this. */
  catalogue: call.output(z.array(catalogueItemSchema)),

  /** Measures this machine for two seconds, for saying how fast each model will be here. */
  measureMachine: call.output(z.void()),

  /**
   * Downloads a model of the catalogue, or of a repository `owner/name`, in the background: the one
   * thing that uses the network.
   */
  download: call.input(z.object({ entry: z.string() })).output(z.object({ job: z.number().int() })),

  /** What is told of a model beyond its row: where it comes from, how good it was found. */
  describe: call.input(one).output(
    modelFactsSchema.extend({
      /** How precise the weights are that search uses; null while the model cannot be read. */
      precision: z.enum(['float32', 'int8']).nullable(),
      /** What 8 bits were found to lose and win; null where that was not measured. */
      search: searchPrecisionSchema.nullable(),
      /** Id of the same model with 8 bits, if the library has that. */
      variant: z.string().nullable(),
      method: z.string().nullable(),
      pairs: z.number().int().nullable(),
      seconds: z.number().nullable(),
      heldOut: retrievalReportSchema.nullable(),
      before: retrievalReportSchema.nullable(),
      /** Where it was downloaded from; null for one that was not. */
      source: z.object({ repository: z.string(), revision: z.string().nullable() }).nullable(),
      /** What removing it would free. */
      space: modelSpaceSchema,
    }),
  ),

  /**
   * Makes a model the active one: at once if it has seen the photos; otherwise they are indexed in the
   * background, by a job that then switches, and the former model answers until it is done.
   */
  use: call.input(one).output(modelStatusSchema.extend({ job: z.number().int().nullable() })),

  /** Finds out in the background how good a model is on photos with words, and how fast here. */
  measure: call.input(one).output(z.object({ job: z.number().int() })),

  /** Copies a model from a folder, or from a zip archive, into the library. */
  importFrom: call.input(z.object({ source: handleSchema })).output(modelStatusSchema),

  /** Copies a model into a new folder of its name in the one given. */
  exportTo: call.input(one.extend({ folder: handleSchema })).output(z.object({ path: z.string() })),

  /**
   * Begins to measure 8-bit weights by the library's photos. Where they do as well, there is another
   * model afterwards, in use if this one was.
   */
  tryInt8: call.input(one).output(z.object({ job: z.number().int() })),

  /** Compares every file with its recorded checksum. */
  verify: call.input(one).output(z.object({ files: z.number().int() })),

  /**
   * Forgets a model with its embeddings, and deletes it unless it lies in a folder of the person's;
   * not the active one nor the starter.
   */
  remove: call.input(one).output(modelSpaceSchema),
}
