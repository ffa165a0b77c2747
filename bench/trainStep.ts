/** How much of the machine's arithmetic a training step uses. */
import { z } from 'zod'
import type { Benchmark, Row } from './benchmark.js'
import { measureInProcess } from './measureInProcess.js'
import { trainStepCases } from './trainStepCases.js'

const caseNames = Object.keys(trainStepCases)

const settingsSchema = z.strictObject({
  /** Names of cases; leave the large one out by naming the others. */
  pairs: z
    .string()
    .default(caseNames.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(caseNames))),
  rounds: z.coerce.number().int().positive().default(5),
  seconds: z.coerce.number().positive().default(1.5),
  threads: z.coerce.number().int().min(0).default(0),
})

export const trainStepBenchmark: Benchmark = {
  name: 'train-step',
  describe:
    'One training step (gradients of both encoders, clipping, AdamW, weight average) on random pairs. Only the operations of matrix products and convolutions in the graphs that are run count. The peak is the fastest of six matrix products by the same runtime, measured in turn with the steps; shares are medians over rounds. Where the batch is larger than the micro-batch, the step goes through GradCache, and its second forward pass counts with the backward one. Memory is the most that the process held in its first two steps. `--set pairs=small,starter` leaves the others out.',
  async run(settings) {
    const { pairs, ...options } = settingsSchema.parse(settings)
    const rows: Row[] = []
    for (const name of pairs) rows.push(await measureInProcess({ name, options, passes: true }))
    return { parameters: options, rows }
  },
}
