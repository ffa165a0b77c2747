/** The job that writes the sample collection beside the library and puts it under its care. */
import { join } from 'node:path'
import { z } from 'zod'
import { defineJobKind } from '../jobs/jobKind.js'
import type { Clock } from '../platform/clock.js'
import type { Database } from '../storage/openDatabase.js'
import { addRoot } from './roots/addRoot.js'
import { writeSampleCollection } from './sampleCollection.js'

export const sampleJobKind = 'sample'

export function createSampleJob(database: Database, clock: Clock) {
  return defineJobKind({
    paramsSchema: z.object({}),
    async run({ signal, report }) {
      const folder = join(database.folder, 'sample collection')
      await writeSampleCollection(folder, {
        signal,
        onProgress: (done, total) => report({ phase: 'drawing pictures', done, total }),
      })
      await addRoot(database, folder, clock.now())
    },
  })
}
