/** The entry of the exact search's worker thread. */
import { z } from 'zod'
import { serveCalls } from '../../platform/workerCalls.js'
import type { ExactCalls } from './exactIndex.js'
import { VectorMatrix } from './vectorMatrix.js'

serveCalls<ExactCalls>((data) => {
  const matrix = new VectorMatrix(z.number().int().positive().parse(data))
  return {
    calls: {
      size: () => matrix.size,
      upsert: (batch) => matrix.upsert(batch),
      remove: (keys) => matrix.remove(keys),
      search: ({ query, k, allow }) => matrix.search(query, k, allow),
      shared: () => matrix.shared(),
    },
  }
})
